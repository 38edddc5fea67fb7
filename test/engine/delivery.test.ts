import { beforeAll, describe, expect, test, vi } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { endpoint } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender, warmKinesis } from '../support/records.ts';

beforeAll(() => warmKinesis(endpoint()));

const HOUR_MS = 3_600_000;
const ids = (prefix: string) => Array.from({ length: 40 }, (_, n) => `${prefix}${n}`);

/** Puts `old` records, creates the mapping, puts 40 new ones at once; returns how often each was handled, once all new ones have arrived. */
async function deliver(options: { shardCount: number; old: string[]; clock?: Clock }) {
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

const eachOnce = Object.fromEntries(ids('new').map((id) => [id, 1]));

// 16 shards take 16 s and more: LocalStack reads one shard a second.
describe.concurrent('LATEST delivers each record put after apply has returned, once, and no older one', () => {
  for (const shardCount of [1, 4, 16]) {
    test(`${shardCount} shards, empty`, async ({ expect }) => {
      expect((await deliver({ shardCount, old: [] })).counts).toEqual(eachOnce);
    });
    test(`${shardCount} shards that hold records`, async ({ expect }) => {
      const { counts, warnings } = await deliver({ shardCount, old: ids('old') });
      expect(counts).toEqual(eachOnce);
      expect(warnings).toEqual([]);
    });
  }

  test('one shard of four holds a record', async ({ expect }) => {
    expect((await deliver({ shardCount: 4, old: ['old'] })).counts).toEqual(eachOnce);
  });

  test.each([
    ['behind', -HOUR_MS],
    ['ahead', HOUR_MS],
  ])('called from a machine whose clock is an hour %s the engine’s', async (_, offMs) => {
    const clock: Clock = { now: () => Date.now() + offMs, sleep: systemClock.sleep };
    const { counts, warnings } = await deliver({ shardCount: 1, old: ids('old'), clock });
    expect(counts).toEqual(eachOnce);
    expect(warnings).toEqual(
      offMs < 0 ? [expect.stringMatching(/, 3(5[5-9]\d|600) s ahead of this machine's clock/)] : [],
    );
  });
});
