import { classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { stoppedBy } from '../aborted.ts';

/** Describes an error response of the engine in a sentence; returns bugs unchanged. */
export function describeFailure(error: unknown, endpoint: string): Error {
  if (error instanceof ExpectedError || !(error instanceof Error)) return error as Error;
  if (classify(error as SdkError) === 'bug') return error;
  return new ExpectedError(
    `Cannot read from the engine at ${endpoint}: ${describe(error as SdkError)}; see the engine's log.`,
    { cause: error },
  );
}

/** For `catch` around reads: an error response of the engine, or an abort, in a sentence; a bug unchanged. */
export function whenUnreadable(endpoint: string, signal: AbortSignal | undefined): (error: unknown) => never {
  const stopped = stoppedBy(signal, `Stopped while reading from the engine at ${endpoint}.`);
  return (error) => {
    if (signal?.aborted) stopped(error);
    throw describeFailure(error, endpoint);
  };
}
