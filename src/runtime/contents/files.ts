import { InvalidInputError } from '../errors.ts';

/** Reads what a field of a pipeline names; `what` begins the message where `place` does not exist. */
export async function readOrExplain<T>(read: () => Promise<T>, what: string, place: string, field: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InvalidInputError(
      `${what} from ${place}, which is not there: build the definition again, or correct its ${field}.`,
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
