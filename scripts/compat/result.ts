import { stripVTControlCharacters } from 'node:util';

/** The checks of a hook on an engine, in this order. */
export const CHECKS = ['hook', 'events', 're-run', 'status', 'doctor'] as const;
export type Check = (typeof CHECKS)[number];

/** `ok`, or the reason, in a sentence that is the same in every run. */
export type Outcome = string;

export interface Cell {
  engine: string;
  /** Major version of the Node that ran the hook. */
  node: string;
  outcomes: Record<Check, Outcome>;
}

/** Removes the parts of a message that change from run to run: ids, times, ports and temporary folders. */
export function stable(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'the endpoint')
    .replace(/(?:\/[\w.-]+){2,}/g, '…')
    .replace(/\b\d+(\.\d+)? (ms|s)\b/g, 'N $2')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, 'ID')
    .replace(/\bon port \d+/g, 'on its port')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '/')
    .trim();
}

/** One line for each check that differs from the expected result; `chosen` holds the engines that ran. */
export function differences(expected: readonly Cell[], seen: readonly Cell[], chosen: ReadonlySet<string>): string[] {
  const key = ({ engine, node }: Cell) => `${engine}, Node ${node}`;
  const before = new Map(expected.filter(({ engine }) => chosen.has(engine)).map((cell) => [key(cell), cell]));
  const lines: string[] = [];
  for (const cell of seen) {
    const wanted = before.get(key(cell));
    before.delete(key(cell));
    for (const check of CHECKS) {
      const [want, got] = [wanted?.outcomes[check] ?? 'nothing', cell.outcomes[check]];
      if (want !== got) lines.push(`${key(cell)}, ${check}: expected ${want}, got ${got}`);
    }
  }
  return [...lines, ...[...before.keys()].map((name) => `${name}: expected, but not run`)];
}
