import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Pipeline } from './definition/pipeline.ts';
import { InvalidInputError } from './errors.ts';
import type { Codes } from './plan.ts';
import type { Code } from './resources/function.ts';
import { zipDirectory } from './zip.ts';

/** The deployment packages of a pipeline's functions; relative paths are taken from `folder`. */
export async function readCodes(pipeline: Pipeline, folder: string): Promise<Codes> {
  const codes = new Map<string, Code>();
  for (const [name, declared] of Object.entries(pipeline.functions)) {
    if (declared.existing) continue;
    const path = declared.zip ?? declared.directory;
    if (!path)
      throw new InvalidInputError(
        `Function ${name} has an entry, which must be bundled before it can run: build the definition with ready-hooks build, or give zip or directory.`,
      );
    const file = resolve(folder, path);
    try {
      codes.set(name, codeOf(declared.zip ? await readFile(file) : await zipDirectory(file)));
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new InvalidInputError(
        `Function ${name} takes its code from ${file}, which is not there: build the definition again, or correct its ${declared.zip ? 'zip' : 'directory'}.`,
        { cause: error },
      );
    }
  }
  return codes;
}

/** A zip with the digest Lambda knows it by. */
export function codeOf(zip: Uint8Array): Code {
  return { zip, sha256: createHash('sha256').update(zip).digest('base64') };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
