import { type Contender, type Id, TITLES } from './contenders.ts';
import type { Bench } from './engine.ts';
import { checkReady } from './floor.ts';
import { newNames, remove } from './pipeline.ts';
import { type Spread, spreadOf } from './stats.ts';

export type Times = Partial<Record<Id, Spread>>;

export interface RaceOptions {
  pipelines: number;
  /** How often each contender runs; contenders not listed do not run. Those with fewer rounds run in the first ones. */
  rounds: Partial<Record<Id, number>>;
  /** Whether to start with a round that does not count, without the contenders that have fewer rounds. */
  warmUp?: boolean;
}

/** Runs each contender once per round, in turn, so that a slow minute of the machine affects all of them. */
export async function race(
  bench: Bench,
  entries: Record<Id, Contender>,
  { pipelines, rounds, warmUp = false }: RaceOptions,
): Promise<Times> {
  const most = Math.max(...Object.values(rounds));
  const times: Partial<Record<Id, number[]>> = {};
  for (let round = warmUp ? 0 : 1; round <= most; round++) {
    const lines: string[] = [];
    for (const id of Object.keys(TITLES) as Id[]) {
      if ((rounds[id] ?? 0) < (round || most)) continue;
      bench.signal.throwIfAborted();
      const names = newNames(id.toLowerCase(), pipelines);
      const ms = await entries[id](names);
      if (id !== 'bare') {
        await checkReady(bench.raw, names, TITLES[id]);
        await remove(bench.endpoint, names);
      }
      if (round > 0) times[id] = [...(times[id] ?? []), ms];
      lines.push(`${id} ${Math.round(ms)}`);
    }
    const label = round === 0 ? 'warm-up' : `round ${round} of ${most}`;
    console.log(`${pipelines} at once, ${label}: ${lines.join(', ')} ms`);
  }
  return Object.fromEntries(Object.entries(times).map(([id, all]) => [id, spreadOf(all)]));
}
