import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AbortedError } from '../../runtime/errors.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from '../../runtime/file-system.ts';
import { withLock } from './lock.ts';

/** Written last: a folder without it is incomplete, and gets installed again. */
const MARKER = '.complete';

export interface InstallOptions {
  onProgress?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Start of the hash of these files: a changed lock gets a folder of its own. */
export function fingerprint(...files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 10);
}

export function isInstalled(folder: string): boolean {
  return existsSync(join(folder, MARKER));
}

/**
 * The folder, filled by `fill` unless it is complete. It must not be moved afterwards: virtual environments hold absolute
 * paths. Safe if several processes install at once, and if one is killed at any point.
 */
export async function installed(
  folder: string,
  options: InstallOptions,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  if (isInstalled(folder)) return folder;
  const onWait = () => options.onProgress?.(`waiting for another installation of ${basename(folder)}`);
  return withLock(`${folder}.lock`, { signal: options.signal, onWait }, async () => {
    if (isInstalled(folder)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      await fill(folder);
      options.signal?.throwIfAborted();
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      if (!options.signal?.aborted) throw error;
      throw new AbortedError(
        `The installation of ${basename(folder)} was stopped. Run the command again to restart it.`,
      );
    }
    writeFileSync(join(folder, MARKER), '');
    return folder;
  });
}
