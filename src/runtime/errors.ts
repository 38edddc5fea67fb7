/**
 * A failure a user can mend: one sentence that names the resource, what was expected, what was seen, and what to do.
 * Everything else that is thrown is a bug and is shown whole, with its cause.
 */
export class ExpectedError extends Error {
  override name = 'ExpectedError';
}

/** A definition, option or file that is refused before anything is created. */
export class InvalidInputError extends ExpectedError {
  override name = 'InvalidInputError';
}

/** A wait or the whole run reached its limit. */
export class TimeoutError extends ExpectedError {
  override name = 'TimeoutError';
}

/** Ctrl-C, SIGTERM or the caller's AbortSignal ended the run. */
export class AbortedError extends ExpectedError {
  override name = 'AbortedError';
}
