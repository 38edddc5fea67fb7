import { expect, test } from 'vitest';
import { send } from '../../../../src/features/send/send.ts';
import { batchesOf, recordOf, recordsOf, type SentRecord } from '../../../../src/runtime/contents/records.ts';
import { AbortedError } from '../../../../src/runtime/errors.ts';
import { sdkError } from '../../runtime/apply/fake.ts';

async function* each<T>(...values: T[]) {
  yield* values;
}
async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
const record = (text: string, PartitionKey = 'k'): SentRecord => ({ Data: Buffer.from(text), PartitionKey });
const texts = (records: readonly SentRecord[]) => records.map(({ Data }) => Buffer.from(Data).toString());

test('each line except empty ones is a record, with the field as its key', async () => {
  const records = await all(recordsOf('f', each('{"id":"a"}', '', '  ', '{"id":7}'), { partitionKey: 'id' }));
  expect(texts(records)).toEqual(['{"id":"a"}', '{"id":7}']);
  expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['a', '7']);
});

test('without a field, each record has a random key', () => {
  expect(recordOf('{}', {}).PartitionKey).not.toBe(recordOf('{}', {}).PartitionKey);
});

test.each([
  ['{"id":1', {}, /^Line 2 of f is .* JSON \(.*\): .* it\.$/],
  ['{"name":1}', { partitionKey: 'id' }, /^Line 2 of f has no partition key in id;.*but found undefined\.$/],
  ['null', { partitionKey: 'id' }, /has no partition key in id/],
  ['{"id":""}', { partitionKey: 'id' }, /has no partition key in id/],
  [JSON.stringify('x'.repeat(1024 * 1024)), {}, /has \d+ bytes with its partition key; expected at most 1048576/],
])('the line %.20s is rejected with its number', async (line, options, message) => {
  await expect(all(recordsOf('f', each('{"id":1}', line), options))).rejects.toThrow(message);
});

test('batches hold at most 500 records and 5 MiB', async () => {
  const many = await all(batchesOf(each(...Array.from({ length: 1_001 }, () => record('x')))));
  expect(many.map(({ length }) => length)).toEqual([500, 500, 1]);
  const large = await all(batchesOf(each(...Array.from({ length: 7 }, () => record('x'.repeat(1024 * 1024 - 1))))));
  expect(large.map(({ length }) => length)).toEqual([5, 2]);
});

/** Gives these answers, one per request; a real engine rejects single records only under load. */
function answering(...answers: (boolean[] | Error)[]) {
  const requests: string[][] = [];
  const call = async (_: string, { Records }: { Records: SentRecord[] }) => {
    requests.push(texts(Records));
    const answer = answers.shift() ?? Records.map(() => true);
    if (answer instanceof Error) throw answer;
    return { Records: answer.map((accepted) => (accepted ? {} : { ErrorCode: 'Slow', ErrorMessage: 'down' })) };
  };
  return { requests, aws: { call: call as never } };
}
const clock = () => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
};

test('only rejected records are retried', async () => {
  const { requests, aws } = answering([true, false, true], sdkError('InternalError', 500));
  const sent = await send(each([record('a'), record('b'), record('c')]), aws, { stream: 's', clock: clock() });
  expect(sent).toBe(3);
  expect(requests).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
});

test('records rejected for too long end it, with the number of accepted ones', async () => {
  const { aws } = answering(...Array.from({ length: 60 }, (_, index) => (index === 0 ? [true, false] : [false])));
  await expect(send(each([record('a'), record('b')]), aws, { stream: 's', clock: clock() })).rejects.toThrow(
    'Stream s accepted 1 record and rejected 1 for 30 s; last seen: Slow: down. Send the rest more slowly, or give the stream more shards.',
  );
});

test('an engine that no longer responds ends it, with the first record that was not sent', async () => {
  const gone = () => Object.assign(new Error(''), { code: 'ECONNREFUSED' });
  const { aws } = answering([true], ...Array.from({ length: 60 }, gone));
  async function* batches() {
    yield [record('a')];
    yield [record('b'), record('c')];
  }
  await expect(send(batches(), aws, { stream: 's', clock: clock() })).rejects.toThrow(
    'Stream s accepted 1 record, and then the engine did not respond for 30 s: ECONNREFUSED. Check that it still runs, then send the rest, from record 2 on.',
  );
});

test.each([0, 1])('a signal aborted after %i requests ends it with an AbortedError', async (count) => {
  const stop = new AbortController();
  if (count === 0) stop.abort();
  const { requests, aws } = answering([false]);
  const options = { stream: 's', clock: clock(), signal: stop.signal, onProgress: () => stop.abort() };
  const failure = await send(each([record('a')]), aws, options).catch((error) => error);
  expect(failure).toBeInstanceOf(AbortedError);
  expect(failure.message).toBe('Stopped while sending to stream s.');
  expect(requests).toHaveLength(count);
});

test('a request that cannot succeed is not retried', async () => {
  const { requests, aws } = answering(sdkError('ValidationException', 400, 'no'));
  await expect(send(each([record('a')]), aws, { stream: 's' })).rejects.toThrow('ValidationException: no (HTTP 400)');
  expect(requests).toHaveLength(1);
});

test('a rate spreads requests over time', async () => {
  const { aws } = answering();
  const time = clock();
  await send(each([record('a')], [record('b')], [record('c')]), aws, { stream: 's', rate: 2, clock: time });
  expect(time.now()).toBe(1000);
});
