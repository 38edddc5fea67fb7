import { expect, test } from 'vitest';
import { readAll } from '../../../../src/runtime/apply/read-left-overs.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { type Answers, scripted, sdkError } from './fake.ts';

const owner = '10-a';
const pipeline = parsePipeline({ streams: { s: {} }, functions: { now: { zip: 'f.zip' } } }, 'test');
const tagged = { Tags: { 'ready-hooks:pipeline': owner } };
const mapping = (stream: string, fn: string, EventSourceMappingArn?: string) => ({
  UUID: `${stream}-${fn}`,
  State: 'Enabled',
  EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
  FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${fn}`,
  ...(EventSourceMappingArn && { EventSourceMappingArn }),
});
const listed: Answers = {
  ListFunctions: { Functions: ['now', 'old'].map((FunctionName) => ({ FunctionName, FunctionArn: FunctionName })) },
  ListEventSourceMappings: { EventSourceMappings: [mapping('s', 'old', 'arn:m')] },
  ListStreams: { StreamNames: ['s', 't'] },
  ListBuckets: { Buckets: [{ Name: 'here' }, { Name: 'elsewhere' }] },
  ListTags: tagged,
  ListTagsForStream: { Tags: [{ Key: 'ready-hooks:pipeline', Value: owner }] },
  GetBucketTagging: [
    { TagSet: [{ Key: 'ready-hooks:pipeline', Value: `${owner}@us-east-1` }] },
    { TagSet: [{ Key: 'ready-hooks:pipeline', Value: `${owner}@eu-west-1` }] },
  ],
};
const read = async (changes: Answers = {}) => {
  const { run, calls, slept } = scripted({ ...listed, ...changes });
  const { left, hidden } = await readAll({ owner, pipeline }, run);
  return { left: left.map(({ step }) => step), hidden, calls, slept };
};

test('reads the tags of what is not declared; a bucket of another region belongs to another pipeline', async () => {
  const { left, hidden, calls } = await read();
  expect(left).toEqual(['event source mapping s → old', 'function old', 'stream t', 'bucket here']);
  expect(hidden).toBeUndefined();
  expect(calls.filter((operation) => operation === 'ListTagsForStream')).toHaveLength(1);
});

test('a pipeline without a name reads nothing', async () => {
  const { run, calls } = scripted(listed);
  expect(await readAll({ owner: undefined, pipeline }, run)).toEqual({ left: [] });
  expect(calls).toEqual([]);
});

test('an engine that fails for a moment is asked again; one that always fails ends in a sentence', async () => {
  const failure = sdkError('InternalError', 500);
  const { left, slept } = await read({ ListFunctions: [failure, failure, listed['ListFunctions'] as object] });
  expect(left).toContain('function old');
  expect(slept).toHaveLength(2);
  await expect(read({ ListFunctions: failure })).rejects.toThrow(
    /^A request at \S+ failed: InternalError: as scripted \(HTTP 500\)\. Check/,
  );
  await expect(read({ ListBuckets: sdkError('AccessDenied', 403) })).rejects.toThrow(/AccessDenied/);
});

test('a service that the engine does not run has nothing that is left over', async () => {
  const off = sdkError('InternalFailure', 501);
  expect((await read({ ListFunctions: off, ListEventSourceMappings: off })).left).toEqual(['stream t', 'bucket here']);
});

test('an engine that rejects reading tags keeps none: nothing is recognised', async () => {
  const unknown = sdkError('UnknownOperationException', 400);
  expect((await read({ ListTags: unknown, ListTagsForStream: unknown, GetBucketTagging: unknown })).left).toEqual([]);
});

test('LocalStack before 4.0 tags no mapping: one goes with its function, and the engine’s limit is reported', async () => {
  const { left, hidden } = await read({
    ListEventSourceMappings: { EventSourceMappings: [mapping('s', 'old'), mapping('s', 'now')] },
  });
  expect(left.slice(0, 2)).toEqual(['event source mapping s → old', 'function old']);
  expect(left).not.toContain('event source mapping s → now');
  expect(hidden).toMatch(/^LocalStack 4\.14\.0 keeps no tags of event source mappings: /);
});
