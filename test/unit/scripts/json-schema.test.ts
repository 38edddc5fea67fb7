import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pipelineJsonSchema } from '../../../scripts/json-schema.ts';
import {
  problemsOf,
  schemaAccepts,
  withBucket,
  withFunction,
  withMapping,
  withStream,
} from '../runtime/definition/helpers.ts';

type Node = { properties: Record<string, { description?: string }> };

const published = JSON.parse(readFileSync(new URL('../../../schema/pipeline.schema.json', import.meta.url), 'utf8'));

test('matches the published file; otherwise run: npx tsx scripts/json-schema.ts && npm run fix', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(pipelineJsonSchema())));
});

test('has an id with the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(published.$id).toBe(`urn:localstack-ready-hooks:${version}:pipeline`);
});

test.each<[string, unknown]>([
  ['a list', []],
  ['a mistyped part', { strems: {} }],
  ['a mistyped setting of a bucket', withBucket('abc', { tag: {} })],
  ['a mistyped setting of a stream', withStream({ shards: 1 })],
  ['a mistyped setting of a function', withFunction({ memroySize: 128 })],
  ['a mistyped setting of a mapping', withMapping({ batchsize: 1 })],
  ['a mistyped limit', withStream({ wait: { timeout: 1 } })],
  ['a string for a boolean', withMapping({ enabled: 'yes' })],
  ['a position in lower case', withMapping({ startingPosition: 'latest' })],
  ['a mapping without a stream', withMapping({ stream: undefined })],
  ['settings of an existing stream', withStream({ existing: true, shardCount: 1 })],
  ['existing that is not a boolean', withStream({ existing: 'yes' })],
  ['an entry in Python', withFunction({ entry: 'f.py' })],
  ['a bucket name in capitals', withBucket('Hallow')],
  ['a stream name with a space', withStream({}, 'a b')],
  ['an unknown region', { region: 'Ireland' }],
  ['an account of 11 digits', { account: '12345678901' }],
  ['a failure destination that is a name', withMapping({ onFailure: 'dead' })],
  ['a function without code', withFunction({ entry: undefined })],
  ['a function with two kinds of code', withFunction({ zip: 'f.zip' })],
  ['a seed of a folder and a zip', withBucket('abc', { seed: { directory: 'a', zip: 'a.zip' } })],
  ['shards of an on-demand stream', withStream({ streamMode: 'ON_DEMAND', shardCount: 1 })],
  ['a position in time without a time', withMapping({ startingPosition: 'AT_TIMESTAMP' })],
  ['a bucket name of two letters', withBucket('ev')],
  ['a bucket name with two dots', withBucket('a..b')],
  ['a bucket name that is an address', withBucket('127.0.0.1')],
  ['a tag that AWS reserves', withStream({ tags: { 'aws:x': '' } })],
  ['a tag that ready-hooks reserves', withStream({ tags: { 'ready-hooks:seed': '' } })],
  ['a tag with a brace', withStream({ tags: { a: '{' } })],
  ['a variable that Lambda sets', withFunction({ environment: { AWS_REGION: 'x' } })],
  ['an age below the minimum', withMapping({ maximumRecordAgeSeconds: 30 })],
  [
    'an ACL on a bucket without ACLs',
    withBucket('abc', { acl: 'public-read', objectOwnership: 'BucketOwnerEnforced' }),
  ],
  ['six filters', withMapping({ filters: Array.from({ length: 6 }, () => ({})) })],
])('rejects the same input as the code: %s', (_, input) => {
  expect(problemsOf(input)).toBeDefined();
  expect(schemaAccepts(JSON.parse(JSON.stringify(input)))).toBe(false);
});

test('describes every setting', () => {
  const nodes = Object.entries<Node>({ pipeline: published, ...published.$defs });
  const undescribed = nodes.flatMap(([name, { properties = {} }]) =>
    Object.keys(properties)
      .filter((key) => key !== '$schema' && !properties[key]?.description)
      .map((key) => `${name}.${key}`),
  );
  expect(undescribed).toEqual([]);
});
