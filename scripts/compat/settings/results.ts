import { readFile } from 'node:fs/promises';
import type { Outcomes } from './measure.ts';

export const RESULTS = new URL('../../../docs/engines.json', import.meta.url);

/** The last run of each engine, by its name. */
export type Measured = Record<string, { measuredOn: string; outcomes: Outcomes }>;

/** One line for each verdict that differs from the committed one. */
export function changes(before: Measured, now: Measured): string[] {
  return Object.entries(now).flatMap(([engine, { outcomes }]) =>
    Object.entries(outcomes).flatMap(([title, { verdict, seen }]) => {
      const expected = before[engine]?.outcomes[title]?.verdict ?? 'nothing';
      return expected === verdict ? [] : [`${engine}, ${title}: expected ${expected}, got ${verdict} (${seen})`];
    }),
  );
}

export async function readResults(): Promise<Measured> {
  return JSON.parse(await readFile(RESULTS, 'utf8'));
}
