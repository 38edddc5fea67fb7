import { inspect } from 'node:util';
import { ExpectedError } from '../errors.ts';

/** The text that a process ends with: the message of an expected error, or all of a bug with its causes. */
export function failureText(error: unknown): string {
  if (error instanceof ExpectedError) return `ready-hooks: ${error.message}`;
  return `ready-hooks: This is a bug in ready-hooks. Please report it with these details:\n${inspect(error)}`;
}
