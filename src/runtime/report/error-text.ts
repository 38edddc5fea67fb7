import { inspect } from 'node:util';
import { ExpectedError } from '../errors.ts';

/** How an error is told at the end of a process: an expected failure in its sentence, a bug whole, with its causes. */
export function tellFailure(error: unknown): string {
  if (error instanceof ExpectedError) return `ready-hooks: ${error.message}`;
  return `ready-hooks: this is a bug in ready-hooks, please report it with what follows:\n${inspect(error)}`;
}
