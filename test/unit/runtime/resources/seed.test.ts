import { expect, test } from 'vitest';
import type { SeedObjects, SeedRecords } from '../../../../src/runtime/contents/contents.ts';
import { bucketSeed } from '../../../../src/runtime/resources/bucket/seed.ts';
import type { Made } from '../../../../src/runtime/resources/kind.ts';
import { streamSeed } from '../../../../src/runtime/resources/stream/seed.ts';
import { textOf, world } from './world.ts';

const record = (text: string) => ({ Data: Buffer.from(text), PartitionKey: text });
const [a, b, c] = [record('a'), record('b'), record('c')];
const records: SeedRecords = { sha256: 'new', batches: [[a, b], [c]] };
const ACCEPTED = { SequenceNumber: '1', ShardId: 's' };
const REJECTED = { ErrorCode: 'Slow', ErrorMessage: 'down' };

const put = (Records: (typeof a)[], results: object[] | undefined): Made => ({
  operation: 'PutRecords',
  input: { StreamName: 's', Records },
  answer: { Records: results, $metadata: {} } as never,
});
const both = put([a, b], [ACCEPTED, ACCEPTED]);

test.each<[string, Made[], Record<string, string> | undefined, string]>([
  ['nothing put', [], {}, 'PutRecords (records 1 to 2 of 3): ab'],
  ['no such stream yet, as a preview sees it', [], undefined, 'PutRecords (records 1 to 2 of 3): ab'],
  ['the first batch put', [both], undefined, 'PutRecords (records 3 to 3 of 3): c'],
  ['one of them rejected', [put([a, b], [ACCEPTED, REJECTED])], undefined, 'PutRecords (records 1 to 2 of 3): b'],
  [
    'that one put again',
    [put([a, b], [ACCEPTED, REJECTED]), put([b], [ACCEPTED])],
    {},
    'PutRecords (records 3 to 3 of 3): c',
  ],
  ['a response without records', [put([a, b], undefined)], {}, 'PutRecords (records 1 to 2 of 3): ab'],
  ['all put', [both, put([c], [ACCEPTED])], {}, 'AddTagsToStream (seed complete)'],
  ['all put before', [], { 'ready-hooks:seed': 'new' }, 'nothing'],
  ['another seed put before', [], { 'ready-hooks:seed': 'old' }, 'PutRecords (records 1 to 2 of 3): ab'],
])('records: %s', (_, made, tags, expected) => {
  const decision = streamSeed.decide({ name: 's' }, { records }, { made, ...(tags && { tags }) }, world());
  const sent = decision.do === 'send' && decision.request.operation === 'PutRecords' && decision.request.input.Records;
  const texts = (sent || []).map(({ Data }) => Buffer.from(Data ?? []).toString()).join('');
  expect(textOf(decision) + (texts && `: ${texts}`)).toBe(expected);
});

test('reports the number of rejected records and the last error', () => {
  const made = [put([a, b], [ACCEPTED, REJECTED])];
  const decision = streamSeed.decide({ name: 's' }, { records }, { made }, world());
  expect(decision).toMatchObject({ seen: '1 of 2 records rejected, Slow: down' });
});

const objects: SeedObjects = {
  sha256: 'new',
  objects: [
    { path: 'a.json', bytes: Buffer.from('{}') },
    { path: 'b/c.json', bytes: Buffer.from('[]') },
  ],
};
const kept = (Key: string, ETag?: string): Made => ({
  operation: 'PutObject',
  input: { Bucket: 'b', Key },
  answer: { ETag, $metadata: {} } as never,
});

test.each<[string, Made[], Record<string, string> | undefined, string]>([
  ['nothing put', [], { team: 'x' }, 'PutObject (a.json, 1 of 2)'],
  ['one put', [kept('a.json', 'e')], undefined, 'PutObject (b/c.json, 2 of 2)'],
  ['one response without an ETag', [kept('a.json')], undefined, 'PutObject (a.json, 1 of 2)'],
  [
    'all put',
    [kept('a.json', 'e'), kept('b/c.json', 'e')],
    { team: 'x', 'ready-hooks:seed': 'old' },
    'PutBucketTagging (seed complete)',
  ],
  ['all put before', [], { 'ready-hooks:seed': 'new' }, 'nothing'],
])('objects: %s', (_, made, tags, expected) => {
  const decision = bucketSeed.decide({ name: 'b' }, { objects }, { made, ...(tags && { tags }) }, world());
  expect(textOf(decision)).toBe(expected);
});

test('the tag keeps a bucket’s other tags, because S3 sets all at once', () => {
  const made = [kept('a.json', 'e'), kept('b/c.json', 'e')];
  const decision = bucketSeed.decide({ name: 'b' }, { objects }, { made, tags: { team: 'x' } }, world());
  expect(decision.do === 'send' && decision.request.input).toMatchObject({
    Tagging: {
      TagSet: [
        { Key: 'team', Value: 'x' },
        { Key: 'ready-hooks:seed', Value: 'new' },
      ],
    },
  });
});
