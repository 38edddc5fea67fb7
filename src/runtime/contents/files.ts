import { InvalidInputError } from '../errors.ts';

/** Reads the file or folder `place` that `field` names; `what` starts the message if it does not exist. */
export async function readOrExplain<T>(read: () => Promise<T>, what: string, place: string, field: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InvalidInputError(
      `${what} from ${place}, which does not exist: build the definition again, or correct its ${field}.`,
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
