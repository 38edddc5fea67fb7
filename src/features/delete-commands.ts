import type { Preview } from '../runtime/apply/preview.ts';
import type { Identity } from '../runtime/identity.ts';
import { holdsData } from '../runtime/left-over.ts';
import { TO_DELETE } from '../runtime/report/log.ts';

interface Row extends Identity {
  leftOver?: Preview['leftOver'];
}

/** The commands that delete what is left over, each once. */
export function deleteCommands(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(({ leftOver }) => leftOver?.command ?? []))];
}

/** The same commands, each with what it deletes. */
export function deleteHints(rows: readonly Row[]): string[] {
  const commands = (data: boolean) => deleteCommands(rows.filter((row) => holdsData(row) === data));
  return [
    ...commands(false).map((command) => `${TO_DELETE.functions}: ${command}`),
    ...commands(true).map((command) => `${TO_DELETE.data}: ${command}`),
  ];
}
