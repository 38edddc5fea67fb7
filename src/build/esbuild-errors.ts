import { type BuildFailure, formatMessages, type Message } from 'esbuild';

/** Whether esbuild rejected the code, and not something else went wrong. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0;
}

/** esbuild's own words, place and code frame. */
export async function showMessages(messages: Message[], kind: 'error' | 'warning' = 'error'): Promise<string> {
  return (await formatMessages(messages, { kind, color: false })).join('').trimEnd();
}
