import { classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { ExpectedError } from '../../runtime/errors.ts';

/** An error of a look at the engine: what the engine answered is told in a sentence, a bug stays whole. */
export function describeFailure(error: unknown, endpoint: string): Error {
  if (error instanceof ExpectedError || !(error instanceof Error)) return error as Error;
  if (classify(error as SdkError) === 'bug') return error;
  return new ExpectedError(
    `The engine at ${endpoint} could not be read: ${describe(error as SdkError)}; see the engine's log.`,
    { cause: error },
  );
}
