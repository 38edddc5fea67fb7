import { describe, type SdkError } from '../engine/request-errors.ts';
import { AbortedError, ExpectedError, PermanentError, TimeoutError } from '../errors.ts';
import type { Step } from '../plan.ts';

/** `what` is like `waited for it to be ACTIVE`, `limit` like `for 10.0 s (limit 10 s)`. */
export function timedOut(step: Step, facts: { what: string; limit: string; lastSeen: string; advice: string }) {
  const goal = step.declared === undefined ? 'deleted' : 'ready';
  const { what, limit, lastSeen, advice } = facts;
  return new TimeoutError(
    `${capital(step.label)} was not ${goal} in time: ${what} ${limit}; last seen: ${lastSeen}. ${advice}`,
  );
}

/** The engine will reject the request every time. */
export function rejected({ label }: Step, doing: string, error: SdkError): ExpectedError {
  return new ExpectedError(
    `${capital(label)} failed: the engine rejected ${doing}: ${describe(error)}. Change the definition, or check the engine's log.`,
    { cause: error },
  );
}

/** Retrying cannot help; `why` ends the sentence. */
export function permanent({ label }: Step, doing: string, error: SdkError, why: string): ExpectedError {
  return new PermanentError(
    `${capital(label)} failed: the engine rejected ${doing}: ${describe(error)}. Retrying cannot help: ${why}.`,
    { cause: error },
  );
}

/** The run ended before the step: at the run's limit, or by Ctrl-C, SIGTERM or an abort. */
export function runEnded({ label }: Pick<Step, 'label'>, signal: AbortSignal, lastSeen: string): ExpectedError {
  if (signal.reason instanceof TimeoutError)
    return new TimeoutError(`${capital(label)} is not ready: ${signal.reason.message} Last seen: ${lastSeen}.`);
  return new AbortedError(`Stopped at ${label}.`);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
