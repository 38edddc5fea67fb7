import { beforeAll, describe, expect, test } from 'vitest';
import { deliver, eachOnce, ids } from '../support/deliver.ts';
import { endpoint } from '../support/engine.ts';
import { warmKinesis } from '../support/records.ts';

beforeAll(() => warmKinesis(endpoint()));

// test/full/delivery.test.ts has more shards, and machines whose clock is off.
describe.concurrent('LATEST delivers each record put after apply has returned, once, and no older one', () => {
  test.each([
    { shardCount: 1, old: [] },
    { shardCount: 1, old: ids('old') },
    { shardCount: 4, old: ['old'] },
  ])('$shardCount shards that hold $old.length records', async (options) => {
    const { counts, warnings } = await deliver(options);
    expect(counts).toEqual(eachOnce);
    expect(warnings).toEqual([]);
  });
});
