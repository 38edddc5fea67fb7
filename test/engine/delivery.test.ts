import { beforeAll, describe, expect, test } from 'vitest';
import { deliver, eachOnce, ids } from '../support/deliver.ts';
import { endpoint } from '../support/engine.ts';
import { warmKinesis } from '../support/records.ts';

beforeAll(() => warmKinesis(endpoint()));

// test/full/delivery.test.ts has more shards, and machines whose clock is off.
describe.concurrent('LATEST delivers each record put after apply has returned, once, and no older one', () => {
  test.each([
    ['one empty shard', { shardCount: 1, old: [] }],
    ['one shard that holds records', { shardCount: 1, old: ids('old') }],
    ['four shards, one of which holds a record', { shardCount: 4, old: ['old'] }],
  ])('%s', async (_, options) => {
    const { counts, warnings } = await deliver(options);
    expect(counts).toEqual(eachOnce);
    expect(warnings).toEqual([]);
  });
});
