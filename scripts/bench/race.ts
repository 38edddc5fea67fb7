import { type Contender, type Id, TITLES } from './contenders.ts';
import type { Bench } from './engine.ts';
import { checkReady } from './floor.ts';
import { newNames, remove } from './pipeline.ts';
import { type Spread, spreadOf } from './stats.ts';

export type Times = Partial<Record<Id, Spread>>;

export interface RaceOptions {
  pipelines: number;
  /** How often each contender runs; those not named do not. Those that run least run in the first rounds only. */
  rounds: Partial<Record<Id, number>>;
  /** Whether a round goes before that is not counted, without contenders that run less often than others. */
  warmUp?: boolean;
}

/** Each contender once a round, by turns, so that a slow minute of the machine is everyone's. */
export async function race(
  bench: Bench,
  entries: Record<Id, Contender>,
  { pipelines, rounds, warmUp = false }: RaceOptions,
): Promise<Times> {
  const most = Math.max(...Object.values(rounds));
  const times: Partial<Record<Id, number[]>> = {};
  for (let round = warmUp ? 0 : 1; round <= most; round++) {
    const told: string[] = [];
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
      told.push(`${id} ${Math.round(ms)}`);
    }
    const label = round === 0 ? 'warm-up' : `round ${round} of ${most}`;
    console.log(`${pipelines} at once, ${label}: ${told.join(', ')} ms`);
  }
  return Object.fromEntries(Object.entries(times).map(([id, all]) => [id, spreadOf(all)]));
}
