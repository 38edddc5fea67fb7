import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidInputError } from '../runtime/errors.ts';

/** Makes the folder of a file that is written when all is done, and refuses at once what could not be written then. */
export async function refuseUnwritable(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw refused(file, `its folder cannot be made or written to (${(error as NodeJS.ErrnoException).code})`);
  }
  const existing = await stat(file).catch(() => undefined);
  if (existing?.isDirectory()) throw refused(file, 'it is a folder');
}

function refused(file: string, why: string): InvalidInputError {
  return new InvalidInputError(`${file} cannot be written: ${why}; name another file.`);
}
