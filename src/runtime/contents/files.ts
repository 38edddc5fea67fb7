import { InvalidInputError } from '../errors.ts';
import { FileError } from '../file-system.ts';

/** Reads the file or folder `place` that `field` names; `what` starts the message if it does not exist. */
export async function readOrExplain<T>(read: () => Promise<T>, what: string, place: string, field: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'ENOENT') throw error;
    throw new InvalidInputError(
      `${what} from ${place}, which does not exist: build the definition again, or correct its ${field}.`,
      { cause: error },
    );
  }
}
