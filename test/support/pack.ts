import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/local/machine/command.ts';

/** The package as npm packs it, in a folder that holds no other; gives the file. */
export async function pack(folder: string, signal?: AbortSignal): Promise<string> {
  const cwd = join(import.meta.dirname, '../..');
  await run('npm', ['pack', '--pack-destination', folder], { cwd, signal });
  const [packed = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  return join(folder, packed);
}
