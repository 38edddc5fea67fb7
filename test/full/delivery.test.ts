import { beforeAll, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { deliver, eachOnce, ids } from '../support/deliver.ts';
import { endpoint } from '../support/engine.ts';
import { warmKinesis } from '../support/records.ts';

beforeAll(() => warmKinesis(endpoint()));

const HOUR_MS = 3_600_000;

describe.concurrent('LATEST delivers each record put after apply has returned, once, and no older one', () => {
  test.each([
    ['4 empty shards', { shardCount: 4, old: [] }],
    ['4 shards that hold records', { shardCount: 4, old: ids('old') }],
    ['16 empty shards', { shardCount: 16, old: [] }],
    ['16 shards that hold records', { shardCount: 16, old: ids('old') }],
  ])('%s', async (_, options) => {
    const { counts, warnings } = await deliver(options);
    expect(counts).toEqual(eachOnce);
    expect(warnings).toEqual([]);
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
