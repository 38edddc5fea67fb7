import { createHash } from 'node:crypto';
import type { Pipeline } from '../definition/pipeline.ts';
import { InvalidInputError } from '../errors.ts';
import type { FunctionCode } from './contents.ts';
import { type Files, named } from './files.ts';
import { zipFiles } from './zip.ts';

/** The deployment packages of a pipeline's functions, by function. */
export async function readCodes(pipeline: Pipeline, files: Files): Promise<Map<string, FunctionCode>> {
  const codes = new Map<string, FunctionCode>();
  for (const [name, declared] of Object.entries(pipeline.functions)) {
    if (declared.existing) continue;
    const { zip, directory } = declared;
    const path = zip ?? directory;
    if (!path)
      throw new InvalidInputError(
        `Function ${name} has an entry, which must be bundled before it can run: build the definition with ready-hooks build, or give zip or directory.`,
      );
    const read = async () => (zip ? files.file(zip) : zipFiles(await files.directory(path)));
    const what = `Function ${name} takes its code`;
    codes.set(name, codeOf(await named(read, what, files.place(path), zip ? 'zip' : 'directory')));
  }
  return codes;
}

/** A zip with the digest Lambda knows it by. */
export function codeOf(zip: Uint8Array): FunctionCode {
  return { zip, sha256: createHash('sha256').update(zip).digest('base64') };
}
