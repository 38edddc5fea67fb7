import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

type Files = Record<string, string | Uint8Array>;

/** A folder with these files, deleted after the test. */
export function folderWith(files: Files = {}): string {
  const folder = newFolder(files);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with these files for all tests of a file or `describe`, deleted after them. */
export function sharedFolder(files: Files = {}): string {
  const folder = newFolder(files);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function newFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'ready hooks '));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The name and message of the error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was not rejected'),
    (reason) => reason,
  );
  return `${error.name}: ${error.message}`;
}
