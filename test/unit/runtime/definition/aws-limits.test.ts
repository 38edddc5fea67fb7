import { Runtime } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { runtimes } from '../../../../src/runtime/definition/runtimes.ts';
import { problemsOf, schemaAccepts, times, withBucket, withFunction, withMapping, withStream } from './helpers.ts';

const wait = (settings: object) => ({ wait: settings });
const tags = (count: number, key = (i: number) => `k${i}`, value = '') =>
  Object.fromEntries(times(count, (i) => [key(i), value]));
const layer = 'arn:aws:lambda:us-east-1:000000000000:layer:l:1';
const pattern = (length: number) => ({ data: ['x'.repeat(length - '{"data":[""]}'.length)] });

// Tests values just inside and just outside each limit.
const numbers: [field: string, make: (value: unknown) => object, min: number, max: number, unit: string][] = [
  ['wait.timeoutMs', (x) => wait({ timeoutMs: x }), 1, 3_600_000, ' (ms)'],
  ['wait.intervalMs', (x) => wait({ intervalMs: x }), 10, 60_000, ' (ms)'],
  ['wait.settleMs', (x) => wait({ settleMs: x }), 0, 600_000, ' (ms)'],
  ['streams.s.shardCount', (x) => withStream({ shardCount: x }), 1, 10_000, ''],
  ['streams.s.retentionPeriodHours', (x) => withStream({ retentionPeriodHours: x }), 24, 8760, ' (hours)'],
  ['functions.f.memorySize', (x) => withFunction({ memorySize: x }), 128, 10_240, ' (MB)'],
  ['functions.f.timeoutSeconds', (x) => withFunction({ timeoutSeconds: x }), 1, 900, ' (seconds)'],
  ['batchSize', (x) => withMapping({ batchSize: x }), 1, 10_000, ' (records)'],
  ['maximumBatchingWindowSeconds', (x) => withMapping({ maximumBatchingWindowSeconds: x }), 0, 300, ' (seconds)'],
  ['parallelizationFactor', (x) => withMapping({ parallelizationFactor: x }), 1, 10, ''],
  ['tumblingWindowSeconds', (x) => withMapping({ tumblingWindowSeconds: x }), 0, 900, ' (seconds)'],
];

describe.each(numbers)('%s', (field, make, min, max, unit) => {
  const path = field.includes('.') ? field : `eventSourceMappings[0].${field}`;
  const expected = `a whole number from ${min} to ${max}${unit}`;
  test.each([min, max])('accepts %s', (value) => expect(problemsOf(make(value))).toBe(undefined));
  test.each([min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects %s', (value) =>
    expect(problemsOf(make(value))).toBe(`${path} is ${value}, but must be ${expected}`),
  );
  test('rejects a string', () => expect(problemsOf(make('1'))).toBe(`${path} is '1', but must be ${expected}`));
  test('the schema rejects the same values', () => {
    for (const value of [min - 1, max + 1, min + 0.5, '1'])
      expect([value, schemaAccepts(make(value))]).toEqual([value, false]);
  });
});

test.each<[what: string, input: object]>([
  ['bucket of 3 characters', withBucket('abc')],
  ['bucket of 63 characters', withBucket('a'.repeat(63))],
  ['bucket with dots', withBucket('a.b-c.1')],
  ['bucket like an address', withBucket('1.2.3.4.5')],
  ['stream of 1 character', withStream({}, 'a')],
  ['stream of 128 characters', withStream({}, '_'.repeat(128))],
  ['function of 64 characters', withFunction({}, 'F'.repeat(64))],
  ['50 tags', withStream({ tags: tags(50) })],
  ['longest tag', withBucket('abc', { tags: tags(1, () => 'k'.repeat(128), 'x'.repeat(256)) })],
  ['5 layers', withFunction({ layers: times(5, () => layer) })],
  ['longest description', withFunction({ description: 'x'.repeat(256) })],
  ['longest handler', withFunction({ handler: 'h'.repeat(128) })],
  ['role with a path', withFunction({ role: 'arn:aws:iam::000000000000:role/service-role/x' })],
  ['largest environment', withFunction({ environment: { KK: 'x'.repeat(4096 - '{"KK":""}'.length) } })],
  ['5 filters', withMapping({ filters: times(5, () => ({})) })],
  ['longest filter', withMapping({ filters: [pattern(4096)] })],
  ['unlimited retries', withMapping({ maximumRetryAttempts: -1 })],
  ['no retries', withMapping({ maximumRetryAttempts: 0 })],
  ['10000 retries', withMapping({ maximumRetryAttempts: 10_000 })],
  ['unlimited record age', withMapping({ maximumRecordAgeSeconds: -1 })],
  ['record age 60', withMapping({ maximumRecordAgeSeconds: 60 })],
  ['record age 604800', withMapping({ maximumRecordAgeSeconds: 604_800 })],
  ['onFailure queue', withMapping({ onFailure: { arn: 'arn:aws:sqs:us-east-1:000000000000:dead' } })],
  ['onFailure topic', withMapping({ onFailure: { arn: 'arn:aws:sns:us-east-1:000000000000:dead' } })],
  ['onFailure bucket by ARN', withMapping({ onFailure: { arn: 'arn:aws:s3:::elsewhere' } })],
  ['onFailure bucket', withMapping({ onFailure: { bucket: 'dead' } })],
  ['date', withMapping({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-01-16' })],
  ['time', withMapping({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-01-16T09:30:00.5+01:00' })],
  ['tumbling window with partial failure', withMapping({ tumblingWindowSeconds: 60, reportBatchItemFailures: true })],
  ['acl of an owner', withBucket('abc', { acl: 'private', objectOwnership: 'BucketOwnerEnforced' })],
  ['key without a value', withFunction({ role: undefined })],
])('accepts %s', (_, input) => expect(problemsOf(input)).toBe(undefined));

const invalid = 'is not a valid name: it must be';
test.each<[input: object, problem: string]>([
  [withBucket('Abc'), `buckets.Abc ${invalid} lowercase letters, digits, dots and hyphens only`],
  [withBucket('a_bc'), `buckets.a_bc ${invalid} lowercase letters, digits, dots and hyphens only`],
  [withBucket('ab'), `buckets.ab ${invalid} 3 to 63 characters long`],
  [withBucket('a'.repeat(64)), `buckets.${'a'.repeat(64)} ${invalid} 3 to 63 characters long`],
  [withBucket('abc.'), `buckets['abc.'] ${invalid} a name that begins and ends with a letter or digit`],
  [withBucket('-abc'), `buckets.-abc ${invalid} a name that begins and ends with a letter or digit`],
  [withBucket('a..b'), `buckets['a..b'] ${invalid} a name without two dots in a row`],
  [withBucket('1.2.3.4'), `buckets['1.2.3.4'] ${invalid} a name other than an IP address`],
  [
    withBucket('xn--a'),
    `buckets.xn--a ${invalid} a name that does not begin with xn--, sthree- or amzn-s3-demo-, which S3 reserves`,
  ],
  [
    withBucket('a--x-s3'),
    `buckets.a--x-s3 ${invalid} a name that does not end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3, which S3 reserves`,
  ],
  [withStream({}, ''), `streams[''] ${invalid} 1 to 128 letters, digits, underscores, dots and hyphens`],
  [
    withStream({}, 's'.repeat(129)),
    `streams.${'s'.repeat(129)} ${invalid} 1 to 128 letters, digits, underscores, dots and hyphens`,
  ],
  [withStream({}, 'a/b'), `streams['a/b'] ${invalid} 1 to 128 letters, digits, underscores, dots and hyphens`],
  [withFunction({}, 'a.b'), `functions['a.b'] ${invalid} 1 to 64 letters, digits, underscores and hyphens`],
  [
    withFunction({}, 'f'.repeat(65)),
    `functions.${'f'.repeat(65)} ${invalid} 1 to 64 letters, digits, underscores and hyphens`,
  ],
  [withFunction({}, 'constructor'), 'functions.constructor needs another name: this one is special in JavaScript'],
  [
    withStream({ tags: tags(51) }),
    'streams.s.tags is an object, but must be an object with at most 50 tags; it has 51',
  ],
  [withStream({ tags: { '': '' } }), `streams.s.tags[''] ${invalid} 1 to 128 characters long`],
  [
    withStream({ tags: { 'aws:x': '' } }),
    `streams.s.tags['aws:x'] ${invalid} a key that does not begin with aws:, which AWS reserves`,
  ],
  [
    withStream({ tags: { 'k{}': '' } }),
    `streams.s.tags['k{}'] ${invalid} letters, digits, spaces and _ . : / = + - @ only`,
  ],
  [
    withStream({ tags: { k: '50%' } }),
    `streams.s.tags.k is '50%', but must be letters, digits, spaces and _ . : / = + - @ only`,
  ],
  [
    withStream({ tags: { k: 'x'.repeat(257) } }),
    `streams.s.tags.k is '${'x'.repeat(59)}…', but must be a string of at most 256 characters`,
  ],
  [
    withFunction({ layers: times(6, () => layer) }),
    'functions.f.layers is a list, but must be a list of at most 5 layers; it has 6',
  ],
  [
    withFunction({ layers: ['my-layer'] }),
    `functions.f.layers[0] is 'my-layer', but must be the ARN of a layer version, such as arn:aws:lambda:us-east-1:000000000000:layer:my-layer:1`,
  ],
  [
    withFunction({ description: 'x'.repeat(257) }),
    `functions.f.description is '${'x'.repeat(59)}…', but must be a string of at most 256 characters`,
  ],
  [withFunction({ handler: 'a b' }), `functions.f.handler is 'a b', but must be 1 to 128 characters without spaces`],
  [
    withFunction({ role: 'lambda-role' }),
    `functions.f.role is 'lambda-role', but must be the ARN of a role, such as arn:aws:iam::000000000000:role/lambda-role`,
  ],
  [
    withFunction({ role: 'arn:aws:iam::222222222222:role/lambda-role' }),
    `functions.f.role belongs to account 222222222222, but must belong to the pipeline's, 000000000000: leave role out, or set account`,
  ],
  [
    withFunction({ environment: { KK: 'x'.repeat(4088) } }),
    'functions.f.environment is 4097 bytes with buckets, but must be at most 4096',
  ],
  [
    withFunction({ environment: { A: '' } }),
    `functions.f.environment.A ${invalid} two or more letters, digits and underscores, starting with a letter`,
  ],
  [
    withFunction({ environment: { AWS_REGION: '' } }),
    `functions.f.environment.AWS_REGION ${invalid} a name that Lambda does not set itself`,
  ],
  [
    withFunction({ environment: { _HANDLER: '' } }),
    `functions.f.environment._HANDLER ${invalid} two or more letters, digits and underscores, starting with a letter`,
  ],
  [withFunction({ architecture: 'x64' }), `functions.f.architecture is 'x64', but must be 'x86_64' or 'arm64'`],
  [
    withFunction({ runtime: 'nodejs22' }),
    `functions.f.runtime is 'nodejs22', but must be one of Lambda's runtimes, such as 'nodejs22.x'; did you mean 'nodejs22.x'?`,
  ],
  [
    withMapping({ filters: times(6, () => ({})) }),
    'eventSourceMappings[0].filters is a list, but must be a list of at most 5 filters; it has 6',
  ],
  [
    withMapping({ filters: [pattern(4097)] }),
    'eventSourceMappings[0].filters[0] is an object, but must be at most 4096 characters as JSON',
  ],
  [
    withMapping({ filters: [{ data: { type: 'created' } }] }),
    `eventSourceMappings[0].filters[0] is an object, but must be a pattern whose data.type is a list, such as ['created']; it is 'created'`,
  ],
  [
    withMapping({ filters: [{ data: new Date(0) }] }),
    'eventSourceMappings[0].filters[0] is an object, but must be valid JSON',
  ],
  ...[-2, 0.5, 10_001].map((retries): [object, string] => [
    withMapping({ maximumRetryAttempts: retries }),
    `eventSourceMappings[0].maximumRetryAttempts is ${retries}, but must be a whole number from 0 to 10000, or -1 (unlimited)`,
  ]),
  ...[-2, 0, 59, 604_801].map((age): [object, string] => [
    withMapping({ maximumRecordAgeSeconds: age }),
    `eventSourceMappings[0].maximumRecordAgeSeconds is ${age}, but must be a whole number from 60 to 604800 (seconds), or -1 (unlimited)`,
  ]),
  [
    withMapping({ onFailure: { arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' } }),
    `eventSourceMappings[0].onFailure.arn is 'arn:aws:kinesis:us-east-1:000000000000:stream/s', but must be the ARN of an SQS queue, an SNS topic or an S3 bucket`,
  ],
  [
    withMapping({ onFailure: {} }),
    `eventSourceMappings[0].onFailure is an object, but must be { bucket: name } with one of the pipeline's buckets, or { arn: '…' } of an SQS queue, an SNS topic or an S3 bucket`,
  ],
  [
    withMapping({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 'yesterday' }),
    `eventSourceMappings[0].startingPositionTimestamp is 'yesterday', but must be an ISO 8601 time with Z or an offset, such as '2025-01-16T09:30:00Z'`,
  ],
  [
    withMapping({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-02-30T09:30:00Z' }),
    `eventSourceMappings[0].startingPositionTimestamp is '2025-02-30T09:30:00Z', but must be an existing date and time`,
  ],
  [
    withMapping({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-13-16' }),
    `eventSourceMappings[0].startingPositionTimestamp is '2025-13-16', but must be an existing date and time`,
  ],
  [{ region: 'Virginia' }, `region is 'Virginia', but must be an AWS region, such as 'us-east-1'`],
  [{ account: '1234' }, `account is '1234', but must be 12 digits`],
])('rejects %j', (input, problem) => expect(problemsOf(input)).toBe(problem));

test('has the same runtimes as the SDK', () => {
  expect([...runtimes].sort()).toEqual(Object.values(Runtime).sort());
});
