import { classify, describe, type SdkError } from '../../runtime/engine/request-errors.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import type { Source } from './place.ts';

/** How long an engine may fail to answer, as during a restart, in milliseconds. */
const LIMIT_MS = 30_000;

/**
 * Wraps a read that the caller repeats, so that it may fail for a while; returns whether the engine answered. Throws TimeoutError
 * after 30 s without an answer, and ExpectedError if the engine answers with an error.
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
        throw new ExpectedError(`The ${kind} ${name} was deleted. Re-create it before you follow it again.`, options);
      if (failure === 'rejected')
        throw new ExpectedError(
          `The engine rejected a read of the ${kind} ${name}: ${describe(error)}. See the engine's log for the cause.`,
          options,
        );
      failingSince ??= now();
      if (now() - failingSince >= LIMIT_MS)
        throw new TimeoutError(
          `The ${kind} ${name} could not be read for ${LIMIT_MS / 1000} s; last seen: ${describe(error)}. Check that the engine is running, then try again.`,
          options,
        );
      return false;
    }
  };
}
