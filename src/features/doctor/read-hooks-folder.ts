import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '../../runtime/errors.ts';
import { open, readdir, stat } from '../../runtime/file-system.ts';
import type { FileFacts, FolderFacts } from './facts.ts';

/** Reads a hooks folder. A missing folder is a fact, not an error. The limit is far more than a ready.d folder holds. */
export async function readHooksFolder(path: string, mostEntries = 10_000): Promise<FolderFacts> {
  const absolutePath = resolve(path);
  if (!existsSync(path)) return { path, absolutePath };
  const files: FileFacts[] = [];
  // One after the other, because the number of open files is limited.
  for (const name of await namesBelow(path, mostEntries)) files.push(...(await readHookFile(path, name)));
  return { path, absolutePath, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Everything below a folder but its folders; follows no links. */
async function namesBelow(folder: string, mostEntries: number): Promise<string[]> {
  const names: string[] = [];
  let entries = 0;
  const walk = async (prefix: string) => {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      if (++entries > mostEntries)
        throw new InvalidInputError(
          `${folder} contains over ${mostEntries} files and folders: pass only the ready.d folder that you mount.`,
        );
      if (entry.isDirectory()) await walk(`${prefix}${entry.name}/`);
      else names.push(prefix + entry.name);
    }
  };
  await walk('');
  return names;
}

async function readHookFile(folder: string, path: string): Promise<FileFacts[]> {
  const file = join(folder, path);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return [];
  const executable = (found.mode & 0o111) !== 0;
  if (!path.endsWith('.sh')) return [{ path, executable }];
  const firstLine = await readFirstLine(file);
  return [{ path, executable, firstLine, crlf: firstLine.endsWith('\r\n') }];
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
