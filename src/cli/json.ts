import type { Command } from 'commander';
import type { DevEvent } from '../features/dev/events.ts';
import { print } from './terminal.ts';

/** Of all JSON output. It changes when a field gets another meaning or goes; new fields leave it as it is. */
const SCHEMA_VERSION = 1;

const text = (value: object, indent?: number) =>
  JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value }, undefined, indent);

/** Prints the result of a command as one object. */
export const printResult = (result: object) => print(text(result, 2));

type Counts = Record<string, number>;

let counts: Counts | undefined;

/** With `--json`, starts JSON Lines. However the command ends, runProgram ends them with a summary. */
export function startJsonLines(command: Pick<Command, 'opts'>): void {
  if (command.opts()['json']) counts = {};
}

/** Prints an event as a line. */
export function printEvent(event: DevEvent): void {
  if (!counts) return;
  counts = add(counts, event);
  print(text(event));
}

/** Prints the last line, if this command prints JSON Lines. */
export function endJsonLines(exitCode: number, problem?: string): void {
  if (counts) print(text({ type: 'summary', exitCode, counts, ...(problem !== undefined && { problem }) }));
  counts = undefined;
}

/** Counts how steps ended, and what was shown. */
export function add(counts: Counts, event: DevEvent): Counts {
  const sum = { ...counts };
  for (const key of countedIn(event)) sum[key] = (sum[key] ?? 0) + 1;
  return sum;
}

function countedIn(event: DevEvent): string[] {
  switch (event.type) {
    case 'end':
      return [
        ...Object.values(event.outcomes),
        ...event.failed.map(() => 'failed'),
        ...event.notAttempted.map(() => 'notAttempted'),
      ];
    case 'left-over':
      return event.resources.map(() => 'leftOver');
    case 'log':
    case 'object':
    case 'record':
      return [event.type];
    default:
      return [];
  }
}
