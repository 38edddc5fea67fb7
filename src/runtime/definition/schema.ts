import * as v from 'valibot';
import * as limits from './aws-limits.ts';
import { settings } from './strict-objects.ts';

// The source of types, checks and the published JSON Schema. Editors show the comments of input.ts; checks that involve
// more than one field are in rules.ts.

const { choice, integer, integerOrUnlimited, tags, text } = limits;
const optional = v.exactOptional;
const flag = v.boolean('true or false');
const path = text([/./, 'a path']);
const reference = v.string('a name declared in the pipeline');

export const wait = settings({
  timeoutMs: optional(integer(1, 3_600_000, 'ms')),
  intervalMs: optional(integer(10, 60_000, 'ms')),
  settleMs: optional(integer(0, 600_000, 'ms')),
});

export const existing = settings(
  { existing: v.literal(true), wait: optional(wait) },
  () => 'cannot be set here: an existing resource is never created or changed, so it takes only wait',
);

const declared = { existing: optional(v.literal(false)), wait: optional(wait) };

export const bucketSeed = settings({ directory: optional(path), zip: optional(path) });

export const streamSeed = settings({ file: path, partitionKey: optional(text([/./, 'the name of a field'])) });

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const bucket = settings({
  ...declared,
  acl: optional(choice('private', 'public-read', 'public-read-write', 'authenticated-read')),
  objectOwnership: optional(choice('BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter')),
  objectLockEnabled: optional(flag, false),
  tags: optional(tags, {}),
  seed: optional(bucketSeed),
});

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const stream = v.pipe(
  settings({
    ...declared,
    streamMode: optional(choice('PROVISIONED', 'ON_DEMAND'), 'PROVISIONED'),
    shardCount: optional(integer(1, 10_000)),
    retentionPeriodHours: optional(integer(24, 8760, 'hours'), 24),
    tags: optional(tags, {}),
    seed: optional(streamSeed),
  }),
  v.transform(
    (stream) =>
      (stream.streamMode === 'PROVISIONED'
        ? { ...stream, shardCount: stream.shardCount ?? 1 }
        : stream) as typeof stream,
  ),
);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const lambda = settings({
  ...declared,
  entry: optional(text([/\.(ts|mts|js|mjs|cjs)$/, 'the path of a .ts, .mts, .js, .mjs or .cjs file'])),
  directory: optional(path),
  zip: optional(path),
  runtime: optional(limits.runtime, 'nodejs22.x'),
  handler: optional(text([/^\S{1,128}$/, '1 to 128 characters without spaces']), 'index.handler'),
  memorySize: optional(integer(128, 10_240, 'MB'), 128),
  timeoutSeconds: optional(integer(1, 900, 'seconds'), 3),
  environment: optional(v.record(limits.variableName, v.string('a string')), {}),
  buckets: optional(v.record(limits.variableName, reference), {}),
  role: optional(limits.roleArn),
  architecture: optional(choice('x86_64', 'arm64')),
  layers: optional(limits.upTo(5, 'layers', limits.layerArn), []),
  description: optional(text([/^[\s\S]{0,256}$/, 'a string of at most 256 characters']), ''),
  verifyStart: optional(flag),
  tags: optional(tags, {}),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const mapping = settings({
  stream: reference,
  function: reference,
  batchSize: optional(integer(1, 10_000, 'records'), 100),
  maximumBatchingWindowSeconds: optional(integer(0, 300, 'seconds'), 0),
  startingPosition: choice('LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'),
  startingPositionTimestamp: optional(limits.timestamp),
  reportBatchItemFailures: optional(flag, false),
  maximumRetryAttempts: optional(integerOrUnlimited(0, 10_000), -1),
  maximumRecordAgeSeconds: optional(integerOrUnlimited(60, 604_800, 'seconds'), -1),
  bisectBatchOnFunctionError: optional(flag, false),
  parallelizationFactor: optional(integer(1, 10), 1),
  tumblingWindowSeconds: optional(integer(0, 900, 'seconds'), 0),
  filters: optional(limits.upTo(5, 'filters', limits.filter), []),
  onFailure: optional(
    v.union(
      [settings({ bucket: reference }), settings({ arn: limits.destinationArn })],
      "{ bucket: name } with one of the pipeline's buckets, or { arn: '…' } of an SQS queue, an SNS topic or an S3 bucket",
    ),
  ),
  enabled: optional(flag, true),
  verifyDelivery: optional(flag, false),
  wait: optional(wait),
});

const declaredPipeline = settings({
  region: optional(limits.region, 'us-east-1'),
  account: optional(limits.account, '000000000000'),
  wait: optional(wait),
  buckets: optional(v.record(limits.bucketName, v.variant('existing', [existing, bucket])), {}),
  streams: optional(v.record(limits.streamName, v.variant('existing', [existing, stream])), {}),
  functions: optional(v.record(limits.functionName, v.variant('existing', [existing, lambda])), {}),
  eventSourceMappings: optional(v.array(mapping), []),
});

export const pipeline = v.pipe(declaredPipeline, v.transform(withStartChecks));

/** A function with an entry that a mapping reads is checked to start, unless its definition sets otherwise. */
function withStartChecks(declared: v.InferOutput<typeof declaredPipeline>) {
  const mapped = new Set(declared.eventSourceMappings.map((mapping) => mapping.function));
  const functions = Object.entries(declared.functions).map(([name, fn]) => {
    if (fn.existing || fn.entry === undefined || !mapped.has(name)) return [name, fn] as const;
    return [name, { ...fn, verifyStart: fn.verifyStart ?? true }] as const;
  });
  return { ...declared, functions: Object.fromEntries(functions) };
}
