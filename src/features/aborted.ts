import { AbortedError, ExpectedError } from '../runtime/errors.ts';

/** For `catch`: an error after an abort as an AbortedError. The command line's signal has one as its reason. */
export function stoppedBy(signal: AbortSignal | undefined, message: string): (error: unknown) => never {
  return (error) => {
    if (!signal?.aborted || error instanceof ExpectedError) throw error;
    throw signal.reason instanceof AbortedError ? signal.reason : new AbortedError(message, { cause: error });
  };
}

/** For `catch` around reads. */
export function stoppedReading(endpoint: string, signal: AbortSignal | undefined): (error: unknown) => never {
  return stoppedBy(signal, `Stopped while reading from the engine at ${endpoint}.`);
}
