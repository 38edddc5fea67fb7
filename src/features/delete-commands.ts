import type { Preview } from '../runtime/apply/preview.ts';

/** The commands that delete what is left over, each once. */
export function deleteCommands(rows: readonly { leftOver?: Preview['leftOver'] }[]): string[] {
  return [...new Set(rows.flatMap(({ leftOver }) => leftOver?.command ?? []))];
}
