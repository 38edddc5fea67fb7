// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
import fc from 'fast-check';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';

const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });
const from = fc.constantFrom;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

// Each name has the same default everywhere, because a parameter has only one.
const text = from(
  'plain',
  'ü ñ',
  'yes',
  '012',
  '2025-01-16',
  '1:30:00',
  '${TEAM:-hallow}',
  'a ${TEAM:-hallow} b ${STAGE}',
  '$${STAGE}',
  'x$${STAGE} ${STAGE}',
  '${EMPTY:-}',
);
const tags = fc.dictionary(from('team', 'cost centre', 'a:b', 'é'), text, { maxKeys: 3 });
const existing = fc.record({ existing: fc.constant(true as const) });
const wait = some({ timeoutMs: fc.integer({ min: 1, max: 3_600_000 }) });

const bucket = some({
  acl: from('private' as const, 'public-read' as const),
  objectOwnership: from('BucketOwnerPreferred' as const, 'ObjectWriter' as const),
  objectLockEnabled: fc.boolean(),
  tags,
  seed: from({ directory: 'objects' }, { zip: 'objects.zip' }),
  wait,
});
const stream = fc.oneof(
  some({
    shardCount: fc.integer({ min: 1, max: 200 }),
    retentionPeriodHours: fc.integer({ min: 24, max: 8760 }),
    tags,
    seed: from({ file: 'records.jsonl' }, { file: '${SEED:-records.jsonl}', partitionKey: 'id' }),
  }),
  some({ streamMode: fc.constant('ON_DEMAND' as const), retentionPeriodHours: fc.constant(48), tags }),
  some({ streamMode: fc.constant('${MODE:-PROVISIONED}' as const) }),
);
const settings = some({
  runtime: from('nodejs22.x' as const, 'nodejs20.x' as const, 'python3.13' as const, '${RUNTIME:-nodejs22.x}' as const),
  handler: from('index.handler', 'src/app.main'),
  memorySize: fc.integer({ min: 128, max: 10_240 }),
  timeoutSeconds: fc.integer({ min: 1, max: 900 }),
  environment: fc.dictionary(from('MODE', 'API_KEY', 'A1'), fc.oneof(text, fc.constant('${API_KEY}')), { maxKeys: 3 }),
  role: from('arn:aws:iam::000000000000:role/mine', 'arn:aws:iam::000000000000:role/${ROLE:-mine}'),
  architecture: from('x86_64' as const, 'arm64' as const),
  layers: from(
    ['arn:aws:lambda:us-east-1:000000000000:layer:my-layer:1'],
    ['${LAYER:-arn:aws:lambda:us-east-1:000000000000:layer:l:2}'],
  ),
  description: text,
  tags,
  wait,
});
const filters = from(
  [{ data: { type: ['order'] } }],
  [{ partitionKey: ['a'] }, { data: { n: [{ numeric: ['>', 1] }], text: ['$${STAGE}', '${TEAM:-hallow}'] } }],
);
const arn = from(
  'arn:aws:sqs:us-east-1:000000000000:failed',
  'arn:aws:sns:us-east-1:000000000000:failed',
  'arn:aws:s3:::failed-elsewhere',
  '${TARGET:-arn:aws:sqs:us-east-1:000000000000:failed}',
);
const mapping = some({
  batchSize: fc.integer({ min: 1, max: 10_000 }),
  maximumBatchingWindowSeconds: fc.integer({ min: 0, max: 300 }),
  reportBatchItemFailures: fc.boolean(),
  maximumRetryAttempts: from(-1, 0, 3, 10_000),
  maximumRecordAgeSeconds: from(-1, 60, 604_800),
  bisectBatchOnFunctionError: fc.boolean(),
  parallelizationFactor: fc.integer({ min: 1, max: 10 }),
  tumblingWindowSeconds: from(0, 900),
  filters,
  enabled: fc.boolean(),
  wait,
});
const position = fc.oneof(
  from({ startingPosition: 'LATEST' as const }, { startingPosition: 'TRIM_HORIZON' as const }),
  from('2025-01-16T09:30:00Z', '2025-01-16T09:30:00.250+02:00', '2025-01-16').map((startingPositionTimestamp) => ({
    startingPosition: 'AT_TIMESTAMP' as const,
    startingPositionTimestamp,
  })),
);

const BUCKETS = ['hallow-events', 'hallow.events', 'other-bucket'] as const;
const STREAMS = ['hallow-event-stream', 'hallow_event.stream', 'HallowEventStream'] as const;
const FUNCTIONS = ['distribute', 'Distribute', 'hallow_event-writer'] as const;

const named = <N extends string, A, B>(names: readonly N[], own: fc.Arbitrary<A>, other: fc.Arbitrary<B>) =>
  fc.record(
    Object.fromEntries(names.map((name) => [name, fc.oneof({ weight: 4, arbitrary: own }, other)])) as {
      [K in N]: fc.Arbitrary<A | B>;
    },
  );

const fn = fc
  .record({
    settings,
    buckets: fc.dictionary(from('BUCKET', 'OTHER_BUCKET'), from(...BUCKETS), { maxKeys: 2 }),
  })
  .map(({ settings, buckets }) => ({ zip: 'recorder.zip', ...settings, buckets }));

const mappings = fc
  .array(
    fc.record({
      stream: from(...STREAMS),
      function: from(...FUNCTIONS),
      position,
      onFailure: optional(
        fc.oneof(
          from(...BUCKETS).map((bucket) => ({ bucket })),
          arn.map((arn) => ({ arn })),
        ),
      ),
      settings: mapping,
    }),
    { maxLength: 4 },
  )
  .map((all) => [...new Map(all.map((each) => [`${each.stream} ${each.function}`, each])).values()])
  .map((all) =>
    all.map(({ stream, function: fn, position, settings, onFailure }) => ({
      stream,
      function: fn,
      ...settings,
      ...position,
      ...(onFailure && { onFailure }),
    })),
  );

/** Random definitions that can have every field, with `recorder.zip` as functions. */
export const drawnDefinition: fc.Arbitrary<PipelineInput> = fc
  .record({
    region: from('us-east-1', 'eu-west-1'),
    buckets: named(BUCKETS, bucket, existing),
    streams: named(STREAMS, stream, existing),
    functions: named(FUNCTIONS, fn, existing),
    eventSourceMappings: mappings,
  })
  // One more bucket, because a template needs at least one resource.
  .map((one) => ({ ...one, buckets: { ...one.buckets, 'always-there': {} } }) as unknown as PipelineInput);
