import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import type { Readers } from '../../../../src/features/tail/place.ts';
import { decoded, newRecords } from '../../../../src/features/tail/records.ts';
import { sdkError } from '../../runtime/apply/fake.ts';

interface Answers {
  shards: string[][];
  /** For each GetRecords: its records, what remains, and whether the shard goes on. */
  pages: (Error | { keys?: string[]; at?: number; behind?: number; closed?: true })[];
}

/** `a`, or `a@5` if it starts with another record. */
function shardOf(text: string) {
  const [ShardId = '', StartingSequenceNumber = '0'] = text.split('@');
  return { ShardId, SequenceNumberRange: { StartingSequenceNumber } };
}

/** Answers the requests in order, and lists them. */
function scripted({ shards, pages }: Answers, since?: number) {
  const asked: string[] = [];
  const seen: string[] = [];
  let count = 0;
  const send = async (command: unknown) => {
    if (command instanceof ListShardsCommand)
      return { Shards: ((shards.length > 1 ? shards.shift() : shards[0]) ?? []).map(shardOf) };
    if (command instanceof GetShardIteratorCommand) {
      const { ShardId, ShardIteratorType, StartingSequenceNumber = '' } = command.input;
      asked.push(`${ShardId} ${ShardIteratorType} ${StartingSequenceNumber}`.trim());
      return { ShardIterator: `${ShardId}/${count++}` };
    }
    if (!(command instanceof GetRecordsCommand)) throw new Error('another request');
    asked.push(command.input.ShardIterator ?? '');
    const page = pages.shift() ?? {};
    if (page instanceof Error) throw page;
    const { keys = [], at = 0, behind = 0, closed } = page;
    const Records = keys.map((key, index) => ({
      PartitionKey: key,
      SequenceNumber: `n-${key}`,
      ApproximateArrivalTimestamp: new Date(at + index),
      Data: Buffer.from(key),
    }));
    const shard = command.input.ShardIterator?.split('/')[0];
    return { Records, MillisBehindLatest: behind, ...(!closed && { NextShardIterator: `${shard}/${count++}` }) };
  };
  const open = { kinesis: { send }, abort: {} } as unknown as Readers;
  return { asked, seen, read: newRecords(open, 's', ({ partitionKey }) => void seen.push(partitionKey), since) };
}

test('starts at the end of each shard, and at the start of a shard that appears later; leaves a closed one alone', async () => {
  const { asked, seen, read } = scripted({
    shards: [['a'], ['a', 'b']],
    pages: [{}, { keys: ['1'], closed: true }, { keys: ['2'] }],
  });
  for (let round = 0; round < 3; round++) await read();
  expect(seen).toEqual(['1', '2']);
  expect(asked).toEqual(['a LATEST', 'a/0', 'a/1', 'b TRIM_HORIZON', 'b/2', 'b/3']);
});

test('reads a shard from its start if a new one has its name', async () => {
  const { asked, seen, read } = scripted({
    shards: [['a'], ['a@5']],
    pages: [{ keys: ['1'] }, { keys: ['2'] }],
  });
  for (let round = 0; round < 2; round++) await read();
  expect(seen).toEqual(['1', '2']);
  expect(asked).toEqual(['a LATEST', 'a/0', 'a TRIM_HORIZON', 'a/2']);
});

test('with since, reads from the start, page after page while records remain, and shows those from that time on', async () => {
  const { asked, seen, read } = scripted(
    {
      shards: [['a']],
      pages: [
        { keys: ['1', '2', '3'], at: 100, behind: 5 },
        { keys: ['4'], at: 200 },
      ],
    },
    101,
  );
  await read();
  expect(seen).toEqual(['2', '3', '4']);
  expect(asked).toEqual(['a TRIM_HORIZON', 'a/0', 'a/1']);
});

test('an iterator that has expired is replaced by one after the last record', async () => {
  const expired = sdkError('ExpiredIteratorException', 400);
  const { asked, seen, read } = scripted({ shards: [['a']], pages: [{ keys: ['1'] }, expired, { keys: ['2'] }] });
  for (let round = 0; round < 3; round++) await read();
  expect(seen).toEqual(['1', '2']);
  expect(asked).toEqual(['a LATEST', 'a/0', 'a/1', 'a AFTER_SEQUENCE_NUMBER n-1', 'a/2']);
});

test('after a failed read of one shard, the records of the others have been shown, each once', async () => {
  const unreachable = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const { seen, read } = scripted({
    shards: [['a', 'b']],
    pages: [unreachable, { keys: ['b1'] }, { keys: ['a1'] }, {}],
  });
  await expect(read()).rejects.toBe(unreachable);
  expect(seen).toEqual(['b1']);
  await read();
  expect(seen).toEqual(['b1', 'a1']);
});

test.each([
  ['{"a":1}', { text: '{"a":1}', json: { a: 1 } }],
  ['null', { text: 'null', json: null }],
  ['{half', { text: '{half' }],
  ['', { text: '' }],
  [Buffer.from([0xc3]), { base64: 'ww==' }],
])('%j', (data, expected) => expect(decoded(Buffer.from(data))).toEqual(expected));
