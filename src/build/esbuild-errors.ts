import { type BuildFailure, formatMessages, type Message } from 'esbuild';

/** Whether an error means that esbuild rejected the code. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0;
}

/** esbuild's own messages, with location and code frame. */
export async function showMessages(messages: Message[], kind: 'error' | 'warning' = 'error'): Promise<string> {
  return (await formatMessages(messages, { kind, color: false })).join('').trimEnd();
}
