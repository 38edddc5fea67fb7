import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInputError } from '../runtime/errors.ts';
import { access, mkdir, stat } from '../runtime/file-system.ts';

/** Creates the folder of a file that is written at the end of a run, and fails early if the file cannot be written. */
export async function checkWritable(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw notWritable(file, `its folder cannot be created or written to (${(error as NodeJS.ErrnoException).code})`);
  }
  const existing = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw notWritable(file, `it cannot be opened (${error.code})`);
  });
  if (existing?.isDirectory()) throw notWritable(file, 'it is a folder');
  if (existing?.isSocket()) throw notWritable(file, 'it is a socket');
  if (existing?.isFIFO() && !file.startsWith('/dev/')) throw notWritable(file, 'it is a pipe');
}

function notWritable(file: string, reason: string): InvalidInputError {
  return new InvalidInputError(`Cannot write ${file}: ${reason}. Name another file.`);
}
