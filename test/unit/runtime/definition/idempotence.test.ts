// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { resolvePlaceholders } from '../../../../src/runtime/definition/placeholders.ts';

const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });
const value = fc.constantFrom('', 'x', '${A}', '${A:-b}', '$${', '${X}/y', 'üñ');
const key = fc.constantFrom('data', 'partitionKey', 'a b', 'ü', 'toString');
// Tags cannot contain braces.
const tags = fc.dictionary(
  key,
  value.filter((each) => each !== '$${'),
  { maxKeys: 3 },
);
const wait = some({ timeoutMs: fc.integer({ min: 1, max: 9 }), settleMs: fc.constant(0) });
const existing = fc.record({ existing: fc.constant(true), wait }, { requiredKeys: ['existing'] });
const bucket = some({
  acl: fc.constantFrom('private', '${ACL:-private}'),
  objectLockEnabled: fc.boolean(),
  tags,
  seed: fc.constantFrom({ directory: 'seed' }, { zip: '${DIR:-.}/seed.zip' }),
  wait,
  existing: fc.constantFrom(false, undefined),
});
const stream = fc.oneof(
  some({
    shardCount: fc.integer({ min: 1, max: 10_000 }),
    retentionPeriodHours: fc.integer({ min: 24, max: 8760 }),
    tags,
    seed: fc.constantFrom({ file: 'a.jsonl' }, { file: '${A}.jsonl', partitionKey: 'id' }),
  }),
  fc.constant({ streamMode: 'ON_DEMAND' }),
  fc.constant({ streamMode: '${MODE:-ON_DEMAND}' }),
  existing,
);
const fn = fc.oneof(
  fc
    .tuple(
      fc.constantFrom({ entry: 'f.ts' }, { zip: '${DIR:-.}/f.zip' }, { directory: 'f' }),
      some({
        memorySize: fc.integer({ min: 128, max: 10_240 }),
        environment: fc.constant({ KEY: '${A}' }),
        description: value,
        tags,
        wait,
      }),
      fc.constantFrom({}, { buckets: { BUCKET: 'hallow-events' } }),
    )
    .map((parts) => Object.assign({}, ...parts)),
  existing,
);
// A stray ${ is rejected, and JSON has no -0.
const scalar = fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll('$', 'S')));
const mapping = some({
  batchSize: fc.integer({ min: 1, max: 10_000 }),
  filters: fc.array(fc.dictionary(key, fc.array(scalar, { minLength: 1 })), { maxLength: 5 }),
  onFailure: fc.constantFrom({ bucket: 'hallow-events' }, { arn: '${QUEUE:-arn:aws:sqs:us-east-1:000000000000:q}' }),
  enabled: fc.boolean(),
  wait,
});
const pipeline = fc
  .record({ buckets: bucket, streams: stream, functions: fn, mapping, wait })
  .map(({ buckets, streams, functions, mapping, wait }) => ({
    wait,
    buckets: { 'hallow-events': buckets },
    streams: { s: streams },
    functions: { f: functions },
    eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', ...mapping }],
  }));

test('parses its own output, via JSON, to the same pipeline: the hook parses the host’s file', () => {
  fc.assert(
    fc.property(pipeline, (input) => {
      const once = parsePipeline(input, 'a.ts');
      expect(parsePipeline(JSON.parse(JSON.stringify(once)), 'a.json')).toEqual(once);
      const resolved = resolvePlaceholders(once, { A: '1', X: '2' });
      expect(resolvePlaceholders(parsePipeline(once, 'a.json'), { A: '1', X: '2' })).toEqual(resolved);
    }),
  );
});

test('does not change its input', () => {
  fc.assert(
    fc.property(pipeline, (input) => {
      const before = structuredClone(input);
      parsePipeline(input, 'a.ts');
      expect(input).toEqual(before);
    }),
  );
});
