/**
 * A failure a user can mend: one sentence that names the resource, what was expected, what was seen, and what to do.
 * Everything else that is thrown is a bug and is shown whole, with its cause.
 */
export class ExpectedError extends Error {
  override name = 'ExpectedError';
}

/** One thing that is wrong with a definition. */
export interface InputProblem {
  /** Keys from the definition's top to the field: `['buckets', 'orders', 'acl']`. */
  path: readonly (string | number)[];
  /** One sentence without its full stop, which names the field. */
  message: string;
}

/** A definition, option or file that is rejected before anything is created. `problems` is empty but for definitions. */
export class InvalidInputError extends ExpectedError {
  override name = 'InvalidInputError';
  readonly problems: readonly InputProblem[];

  constructor(message: string, { problems = [], ...options }: ErrorOptions & { problems?: InputProblem[] } = {}) {
    super(message, options);
    this.problems = problems;
  }
}

/** Nothing answers at the engine's endpoint. */
export class UnreachableError extends ExpectedError {
  override name = 'UnreachableError';
}

/** A wait or the whole run reached its limit. */
export class TimeoutError extends ExpectedError {
  override name = 'TimeoutError';
}

/** Ctrl-C, SIGTERM or the caller's AbortSignal ended the run. */
export class AbortedError extends ExpectedError {
  override name = 'AbortedError';
}
