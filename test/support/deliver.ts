import { expect, vi } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { endpoint } from './engine.ts';
import { samplePipeline, uniqueName } from './pipelines.ts';
import { handled } from './recorder.ts';
import { sender } from './records.ts';

export const ids = (prefix: string) => Array.from({ length: 40 }, (_, n) => `${prefix}${n}`);

/** Puts `old` records, creates the mapping, puts 40 new ones at once; returns how often each was handled, once all new ones have arrived. */
export async function deliver(options: { shardCount: number; old: string[]; clock?: Clock }) {
  const { shardCount, old, clock = systemClock } = options;
  const sample = samplePipeline(uniqueName('delivery'), { stream: { shardCount } });
  const { put, connect, close } = sender(endpoint(), sample.name);
  await connect();
  if (old.length > 0) {
    await apply({ ...sample, pipeline: { ...sample.pipeline, eventSourceMappings: [] } }, { endpoint: endpoint() });
    for (const id of old) await put(id);
  }
  const events: Event[] = [];
  const result = await apply(sample, { endpoint: endpoint(), clock, onEvent: (event) => events.push(event) });
  expect(result.failures).toEqual({});
  const fresh = ids('new');
  for (const id of fresh) await put(id);
  close();
  await vi.waitFor(
    async () => expect([...(await handled(endpoint(), sample.name)).keys()]).toEqual(expect.arrayContaining(fresh)),
    { timeout: 45_000, interval: 250 },
  );
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { counts: Object.fromEntries(await handled(endpoint(), sample.name)), warnings };
}

/** Each of the new records, handled once, and no other. */
export const eachOnce = Object.fromEntries(ids('new').map((id) => [id, 1]));
