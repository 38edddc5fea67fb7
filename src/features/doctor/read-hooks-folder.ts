import { join } from 'node:path';
import { open, readdir, stat } from '../../runtime/file-system.ts';
import type { FileFacts, FolderFacts } from './facts.ts';

/** Reads a hooks folder. A missing folder is a fact, not an error. */
export async function readHooksFolder(path: string): Promise<FolderFacts> {
  const names = await readdir(path, { recursive: true }).catch(() => undefined);
  if (!names) return { path };
  const files = await Promise.all(names.map((name) => readHookFile(path, name.replaceAll('\\', '/'))));
  return { path, files: files.flatMap((file) => file ?? []).sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

async function readHookFile(folder: string, path: string): Promise<FileFacts | undefined> {
  const file = join(folder, path);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const executable = (found.mode & 0o111) !== 0;
  if (!path.endsWith('.sh')) return { path, executable };
  const firstLine = await readFirstLine(file);
  return { path, executable, firstLine, crlf: firstLine.endsWith('\r\n') };
}

async function readFirstLine(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return text.slice(0, text.indexOf('\n') + 1 || undefined);
  } finally {
    await handle.close();
  }
}
