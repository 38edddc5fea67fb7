import { classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import type { Source } from './place.ts';

/** Milliseconds for which an engine may not answer, as while it starts anew. */
const LIMIT_MS = 30_000;

/**
 * A look that fails for a while is made again by the caller: it tells whether it was answered. Throws TimeoutError where none
 * was for 30 s, and ExpectedError where the engine means it.
 */
export function patient(
  { kind, name }: Source,
  look: () => Promise<void>,
  now: () => number = Date.now,
): () => Promise<boolean> {
  let failingSince: number | undefined;
  return async () => {
    try {
      await look();
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
