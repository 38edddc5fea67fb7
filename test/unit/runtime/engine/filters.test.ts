import { expect, test } from 'vitest';
import type { ProductName } from '../../../../src/runtime/engine/engine.ts';
import { filtersProblem, keysBesidesData } from '../../../../src/runtime/engine/filters.ts';

const data = (...conditions: unknown[]) => ({ data: { k: conditions } });

// What each engine really delivers is tested by test/full/filter-keys.test.ts.
test.each<[ProductName, string, object[], RegExp | undefined]>([
  ['localstack', '4.14.0', [data('a')], undefined],
  ['localstack', '4.14.0', [{ kinesis: { partitionKey: ['a'] } }], undefined],
  [
    'localstack',
    '4.14.0',
    [{ partitionKey: ['a'] }],
    /^the filter \{"partitionKey":\["a"\]\} on partitionKey, which no record has on LocalStack 4\.14\.0: use data, the only key that AWS supports, or kinesis\.partitionKey$/,
  ],
  ['localstack', '4.14.0', [data('a'), { eventName: ['x'] }], /on eventName, .* AWS supports$/],
  ['localstack', '4.14.0', [{ kinesis: { data: { k: ['a'] } } }], /on kinesis\.data\.k, /],
  ['localstack', '4.14.0', [{ partitionKey: [{ exists: false }] }], undefined],
  [
    'localstack',
    '4.14.0',
    [{ $or: [data('a'), { kinesis: { partitionKey: ['a'] } }] }],
    /data inside \$or.*: write a filter for each alternative$/,
  ],
  ['localstack', '4.14.0', [{ ...data('a'), $or: [data('a'), data('b')] }], undefined],
  ['localstack', '4.14.0', [{ $or: [{ partitionKey: ['a'] }] }], /on partitionKey, /],
  ['localstack', '4.14.0', [data({ 'anything-but': { prefix: 'a' } }, { cidr: '10.0.0.0/8' }, null)], undefined],
  [
    'localstack',
    '4.2.0',
    [data({ 'anything-but': { prefix: 'a' } })],
    /with anything-but of a condition, which does not work on LocalStack 4\.2\.0: use another condition$/,
  ],
  ['localstack', '3.8.1', [data({ prefix: 'a' }, { numeric: ['>', 0] }, { 'anything-but': ['a'] })], undefined],
  ['localstack', '3.8.1', [data({ suffix: 'a' })], /with suffix, /],
  ['localstack', '3.8.1', [data(null)], /with null, /],
  ['localstack', '3.8.1', [{ data: { $or: [{ k: ['a'] }] } }], /with \$or, /],
  ['localstack', 'latest', [data({ suffix: 'a' })], undefined],
  ['ministack', '1.5.33', [{ partitionKey: ['a'] }, { awsRegion: ['a'] }, data('a')], undefined],
  ['ministack', '1.5.33', [{ kinesis: { partitionKey: ['a'] } }], /on kinesis\.partitionKey, .*, or partitionKey$/],
  ['ministack', '1.5.33', [data({ prefix: { 'equals-ignore-case': 'a' } })], /with prefix of a condition, /],
  ['floci', '1.7.0', [{ partitionKey: ['a'] }], undefined],
  // Not checked by a definition: from another tool.
  ['ministack', '1.5.33', [{ data: 'a' }, { partitionKey: 'a' }], undefined],
])('%s %s, %j: %s', (product, version, filters, expected) => {
  const found = filtersProblem(filters as Record<string, unknown>[], { product, version });
  if (expected) expect(`${found?.problem}: ${found?.fix}`).toMatch(expected);
  else expect(found).toBeUndefined();
});

test('keys besides data are listed once', () => {
  const filters = [
    data('a'),
    { kinesis: { partitionKey: ['a'] }, eventID: ['x'] },
    { kinesis: { partitionKey: ['b'] } },
  ];
  expect(keysBesidesData(filters)).toEqual(['kinesis.partitionKey', 'eventID']);
});
