import type { Bench, Contender } from './contenders.ts';
import { checkReady } from './floor.ts';
import { newNames, remove } from './pipeline.ts';
import { type Spread, spreadOf } from './stats.ts';

export interface Race {
  pipelines: number;
  times: Record<string, Spread>;
}

/** Each contender once a round, by turns, so that a slow minute of the machine is everyone's. The first round only warms up. */
export async function race(
  bench: Bench,
  entries: readonly Contender[],
  { rounds, pipelines, warmUp = false }: { rounds: number; pipelines: number; warmUp?: boolean },
): Promise<Race> {
  const times: Record<string, number[]> = {};
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    const told: string[] = [];
    for (const { id, title, makes, run } of entries) {
      bench.signal.throwIfAborted();
      const names = newNames(id, pipelines);
      const ms = await run(names);
      if (makes) {
        await checkReady(bench.raw, names, title);
        await remove(bench.endpoint, names);
      }
      if (round > 0) times[id] = [...(times[id] ?? []), ms];
      told.push(`${id} ${Math.round(ms)}`);
    }
    console.log(
      `${pipelines} pipelines, ${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}: ${told.join(', ')} ms`,
    );
  }
  return { pipelines, times: Object.fromEntries(Object.entries(times).map(([id, all]) => [id, spreadOf(all)])) };
}
