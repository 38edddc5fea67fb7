import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/local/machine/command.ts';

/** Packs the package into a folder that holds no other one; returns the file. */
export async function pack(folder: string, signal?: AbortSignal): Promise<string> {
  const cwd = join(import.meta.dirname, '../..');
  await run('npm', ['pack', '--pack-destination', folder], { cwd, signal });
  const [packed = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  return join(folder, packed);
}
