import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Pipeline } from '../definition/pipeline.ts';
import { InvalidInputError } from '../errors.ts';
import { readFile } from '../file-system.ts';
import type { FunctionCode } from './contents.ts';
import { readOrExplain } from './files.ts';
import { readDirectory, zipFiles } from './zip.ts';

/** The deployment packages of a pipeline's functions, by function; relative paths start in `folder`. */
export async function readCodes({ functions }: Pipeline, folder: string): Promise<Map<string, FunctionCode>> {
  const codes = new Map<string, FunctionCode>();
  for (const [name, declared] of Object.entries(functions)) {
    if (declared.existing) continue;
    const { zip, directory } = declared;
    const path = zip ?? directory;
    if (!path)
      throw new InvalidInputError(
        `Function ${name} has an entry, which must be bundled before it can run: build the definition with npx ready-hooks build, or use zip or directory.`,
      );
    const place = resolve(folder, path);
    const read = async () => (zip ? readFile(place) : zipFiles(await readDirectory(place)));
    const bytes = await readOrExplain(read, `Function ${name} takes its code`, place, zip ? 'zip' : 'directory');
    codes.set(name, codeOf(bytes));
  }
  return codes;
}

/** A zip with Lambda's digest of it. */
export function codeOf(zip: Uint8Array): FunctionCode {
  return { zip, sha256: createHash('sha256').update(zip).digest('base64') };
}
