import { expect, test } from 'vitest';
import { heldRecords } from '../../../../src/runtime/resources/stream/held-records.ts';
import { type Answers, scripted, sdkError } from '../apply/fake.ts';
import { world } from './world.ts';

const held = (answers: Answers, shards = 1) => {
  const { run } = scripted({
    ListShards: { Shards: Array.from({ length: shards }, (_, n) => ({ ShardId: `shard-${n}` })) },
    GetShardIterator: { ShardIterator: 'i' },
    ...answers,
  });
  return heldRecords('s', { call: run.aws.call, options: {}, known: true, world: world() });
};
const record = (ms: number, MillisBehindLatest = 0) => ({
  Records: [{ ApproximateArrivalTimestamp: new Date(ms) }],
  MillisBehindLatest,
});
const end = { Records: [], MillisBehindLatest: 0, NextShardIterator: 'i' };
const empty = { Records: [], MillisBehindLatest: 7, NextShardIterator: 'i' };

test.each<[string, Answers, number, unknown]>([
  ['empty, or all its records expired', { GetRecords: end }, 1, 'none'],
  ['closed and empty', { GetRecords: { Records: [] } }, 1, 'none'],
  ['one record, the newest', { GetRecords: record(5_000) }, 1, { newestAt: 5_000 }],
  ['more records after it', { GetRecords: record(5_000, 250) }, 1, { newestAt: 5_250 }],
  ['after an empty response', { GetRecords: [empty, record(5_000)] }, 1, { newestAt: 5_000 }],
  ['endless empty responses', { GetRecords: empty }, 1, 'unknown'],
  ['the newest of all shards', { GetRecords: [end, record(9), record(8)] }, 3, { newestAt: 9 }],
  ['no such stream', { ListShards: sdkError('ResourceNotFoundException') }, 1, 'none'],
])('%s', async (_, answers, shards, expected) => {
  expect(await held(answers, shards)).toEqual(expected);
});

test.each([{ Records: [{}], MillisBehindLatest: 0 }, { Records: [{ ApproximateArrivalTimestamp: new Date(1) }] }, {}])(
  'concludes nothing from an incomplete response: %j',
  async (page) => {
    await expect(held({ GetRecords: page })).rejects.toThrow(/^the response has no /);
  },
);
