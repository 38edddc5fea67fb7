/**
 * An error the user can fix. The message names the resource, what was expected, what was seen, and what to do.
 * Any other thrown error is a bug, and is printed in full with its cause.
 */
export class ExpectedError extends Error {
  override name = 'ExpectedError';
}

/** One problem with a definition. */
export interface InputProblem {
  /** Keys from the top of the definition down to the field: `['buckets', 'orders', 'acl']`. */
  path: readonly (string | number)[];
  /** One sentence that names the field, without its full stop. */
  message: string;
}

/** A definition, option or file that is rejected before anything is created. Only definitions have `problems`. */
export class InvalidInputError extends ExpectedError {
  override name = 'InvalidInputError';
  readonly problems: readonly InputProblem[];

  constructor(message: string, { problems = [], ...options }: ErrorOptions & { problems?: InputProblem[] } = {}) {
    super(message, options);
    this.problems = problems;
  }
}

/** Nothing responds at the engine's endpoint. */
export class UnreachableError extends ExpectedError {
  override name = 'UnreachableError';
}

/** Retrying a request cannot help, for the reason in the message. */
export class PermanentError extends ExpectedError {
  override name = 'PermanentError';
}

/** A wait or the whole run reached its limit. */
export class TimeoutError extends ExpectedError {
  override name = 'TimeoutError';
}

/** Ctrl-C, SIGTERM or the caller's AbortSignal ended the run. */
export class AbortedError extends ExpectedError {
  override name = 'AbortedError';
}
