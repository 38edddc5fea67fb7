import { AbortedError, ExpectedError } from '../runtime/errors.ts';

/** For `catch`: once the signal is aborted, errors that follow from it become an AbortedError, as a signal's reason can be any error. */
export function stoppedBy(signal: AbortSignal | undefined, message: string): (error: unknown) => never {
  return (error) => {
    throw signal?.aborted && !(error instanceof ExpectedError) ? new AbortedError(message, { cause: error }) : error;
  };
}
