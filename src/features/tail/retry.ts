import { classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import type { Source } from './place.ts';

/** Milliseconds for which an engine may not answer, as while it restarts. */
const LIMIT_MS = 30_000;

/**
 * A read that may fail for a while, as the caller repeats it: it returns whether it was answered. Throws TimeoutError after 30 s
 * without an answer, and ExpectedError where the engine answers with an error.
 */
export function patient(
  { kind, name }: Source,
  read: () => Promise<void>,
  now: () => number = Date.now,
): () => Promise<boolean> {
  let failingSince: number | undefined;
  return async () => {
    try {
      await read();
      failingSince = undefined;
      return true;
    } catch (caught) {
      const error = caught as SdkError;
      const failure = classify(error);
      const options = { cause: error };
      if (failure === 'bug') throw error;
      if (failure === 'race')
        throw new ExpectedError(
          `The ${kind} ${name} was there and is not any more: bring it up again, then look at it anew.`,
          options,
        );
      if (failure === 'refused')
        throw new ExpectedError(
          `The engine does not tell of the ${kind} ${name}: ${describe(error)}. See the engine's log for why.`,
          options,
        );
      failingSince ??= now();
      if (now() - failingSince >= LIMIT_MS)
        throw new TimeoutError(
          `The ${kind} ${name} could not be looked at for ${LIMIT_MS / 1000} s; last seen: ${describe(error)}. See that the engine is running, then look at it anew.`,
          options,
        );
      return false;
    }
  };
}
