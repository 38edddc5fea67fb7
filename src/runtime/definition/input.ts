import type { Runtime } from './runtimes.ts';

// What an editor shows. A type test proves these equal to the schema's input, and the published JSON Schema takes its
// descriptions from here. Defaults and limits are AWS's unless told otherwise.

/** Text with `${NAME}` or `${NAME:-default}`, replaced from the environment when the hook runs. `$${` gives a literal `${`. */
export type Placeholder = `${string}\${${string}}${string}`;

/** How long to wait for a resource. */
export interface WaitInput {
  /** Give up after this long, counted from the engine's first answer. Milliseconds, 1 to 3,600,000. Default: bucket and stream 10,000, function and seed 300,000, mapping 30,000. */
  timeoutMs?: number;
  /** A fixed pause between two looks. Milliseconds, 10 to 60,000. Default: grows from 50 to 250. */
  intervalMs?: number;
  /** A pause after the resource was seen ready, when this run changed it. Milliseconds, 0 to 600,000. Default: 0. */
  settleMs?: number;
}

/** A resource that something else makes. */
export interface ExistingInput {
  /** `true`: the resource is waited for, never created or changed, and takes no settings but `wait`. */
  existing: true;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface DirectorySeed {
  /** A folder: each file below it is an object, with its path from there as key. A path from the definition's folder. One of `directory` and `zip` is required. */
  directory: string;
  zip?: never;
}

interface ZipSeed {
  /** A zip file: each file in it is an object, with its path there as key. A path from the definition's folder. One of `directory` and `zip` is required. */
  zip: string;
  directory?: never;
}

export type BucketSeedInput = DirectorySeed | ZipSeed;

export interface StreamSeedInput {
  /** JSON Lines: each line is a record, empty ones are none. A path from the definition's folder. Required. */
  file: string;
  /** The field of each object that is its partition key. Default: the number of its line. */
  partitionKey?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export interface BucketInput {
  /** `true`: the bucket is waited for, never created or changed, and takes no settings but `wait`. Default: false. */
  existing?: false;
  /** Canned access control list. Anything but `private` is refused with objectOwnership `BucketOwnerEnforced`. Default: none is sent; left out later, it stays as it is. */
  acl?: 'private' | 'public-read' | 'public-read-write' | 'authenticated-read' | Placeholder;
  /** Who owns the objects that others put. Default: the engine's, on AWS `BucketOwnerEnforced`; left out later, it stays as it is. */
  objectOwnership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | Placeholder;
  /** Lets objects be locked against removal; turns versioning on. Cannot be changed later. Default: false. */
  objectLockEnabled?: boolean;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** Objects that are put once, before records are delivered to functions that have this bucket in `buckets`; again where they are others than before. At most 50 MB. Default: none. */
  seed?: BucketSeedInput;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
interface StreamBase {
  /** `true`: the stream is waited for, never created or changed, and takes no settings but `wait`. Default: false. */
  existing?: false;
  /** How long records are kept. Hours, 24 to 8760. Default: 24. */
  retentionPeriodHours?: number;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** Records that are put once, when all of the stream's mappings deliver; again, all of them, where they are others than before. At most 50 MB. Default: none. */
  seed?: StreamSeedInput;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface ProvisionedStream extends StreamBase {
  /** `PROVISIONED`: as many shards as `shardCount` tells. `ON_DEMAND`: the engine decides. Default: `PROVISIONED`. */
  streamMode?: 'PROVISIONED' | Placeholder;
  /** Shards of a `PROVISIONED` stream, 1 to 10,000. Default: 1. */
  shardCount?: number;
}

interface OnDemandStream extends StreamBase {
  streamMode: 'ON_DEMAND';
  shardCount?: never;
}

export type StreamInput = ProvisionedStream | OnDemandStream;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
interface FunctionBase<Bucket extends string> {
  /** `true`: the function is waited for, never created or changed, and takes no settings but `wait`. Default: false. */
  existing?: false;
  /** One of Lambda's runtimes; nodejs for an `entry`. What an engine knows depends on its version. Default: `nodejs22.x`. */
  runtime?: Runtime | Placeholder;
  /** File without extension, dot, exported function. 1 to 128 characters without spaces. Default: `index.handler`. */
  handler?: string;
  /** MB, 128 to 10,240. Default: 128. */
  memorySize?: number;
  /** How long a call may take. Seconds, 1 to 900. Default: 3. */
  timeoutSeconds?: number;
  /** Environment variables. Names of two or more letters, digits and underscores, a letter first, and none that Lambda sets itself. With `buckets` at most 4096 bytes. Never shown in a log. Default: none. */
  environment?: Record<string, string>;
  /** Environment variables that hold the name of one of the pipeline's buckets, which is ready before the function is made. Default: none. */
  buckets?: Record<string, Bucket>;
  /** ARN of the execution role; its account must be the stream's. Default: `lambda-role` in the pipeline's account. */
  role?: string;
  /** Default: that of the machine on which the hook runs. */
  architecture?: 'x86_64' | 'arm64' | Placeholder;
  /** ARNs of layer versions, at most 5. Default: none. */
  layers?: string[];
  /** At most 256 characters. Default: none. */
  description?: string;
  /** Calls the function once when it is created, before its mappings are, if LocalStack runs functions in containers: one whose container cannot start fails the run. The call is an empty batch; the handler of an `entry` never sees it. Default: true for an `entry` that a mapping reads, otherwise false. */
  verifyStart?: boolean;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface EntryFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A .ts, .mts, .js, .mjs or .cjs file, bundled by esbuild. A path from the definition's folder. One of `entry`, `directory` and `zip` is required. */
  entry: string;
  directory?: never;
  zip?: never;
}

interface DirectoryFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A folder, zipped as it is. A path from the definition's folder. One of `entry`, `directory` and `zip` is required. */
  directory: string;
  entry?: never;
  zip?: never;
}

interface ZipFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A zip file, uploaded as it is. A path from the definition's folder. One of `entry`, `directory` and `zip` is required. */
  zip: string;
  entry?: never;
  directory?: never;
}

export type FunctionInput<Bucket extends string = string> =
  | EntryFunction<Bucket>
  | DirectoryFunction<Bucket>
  | ZipFunction<Bucket>;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
interface MappingBase<Stream extends string, Function extends string, Bucket extends string> {
  /** One of the pipeline's streams. Required. */
  stream: Stream;
  /** One of the pipeline's functions. Required. */
  function: Function;
  /** Most records of one call, 1 to 10,000. Default: 100. */
  batchSize?: number;
  /** How long to gather records for a batch. Seconds, 0 to 300. Default: 0. */
  maximumBatchingWindowSeconds?: number;
  /** The function tells which records of a batch failed, and only those are tried again. Default: false. */
  reportBatchItemFailures?: boolean;
  /** How often a failed batch is tried again, 0 to 10,000, or -1 for ever. Default: -1. */
  maximumRetryAttempts?: number;
  /** Records older than this are left out. Seconds, 60 to 604,800, or -1 for none. Default: -1. */
  maximumRecordAgeSeconds?: number;
  /** Splits a failed batch in two before it is tried again. LocalStack stores but does not use it. Default: false. */
  bisectBatchOnFunctionError?: boolean;
  /** Batches of one shard that are handled at once, 1 to 10. LocalStack stores but does not use it. Default: 1. */
  parallelizationFactor?: number;
  /** Window of an aggregation. Seconds, 0 (none) to 900. LocalStack stores but does not use it. Default: 0. */
  tumblingWindowSeconds?: number;
  /** Event patterns, at most 5, each at most 4096 characters as JSON; a record that matches any is delivered. Default: none, everything is. */
  filters?: Record<string, unknown>[];
  /** Where to tell of discarded batches: one of the pipeline's buckets, or the ARN of an SQS queue, an SNS topic or an S3 bucket. Default: nowhere. */
  onFailure?: { bucket: Bucket; arn?: never } | { arn: string; bucket?: never };
  /** Whether the mapping reads the stream. Default: true. */
  enabled?: boolean;
  /** Takes the mapping for ready only when a probe record has gone through the stream to the function, whenever it is made or changed. Needs a function with `entry`, whose handler never sees probes; other readers of the stream do. Not with `filters`. Default: false. */
  verifyDelivery?: boolean;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface MappingFromEnd<S extends string, F extends string, B extends string> extends MappingBase<S, F, B> {
  /** Where to begin in the stream. `LATEST`: with what is put from now on, of which nothing is lost. `TRIM_HORIZON`: with the oldest record. `AT_TIMESTAMP`: at `startingPositionTimestamp`. Decides when the mapping is made: for another one, `destroy` it and apply again. Required. */
  startingPosition: 'LATEST' | 'TRIM_HORIZON';
  startingPositionTimestamp?: never;
}

interface MappingFromTime<S extends string, F extends string, B extends string> extends MappingBase<S, F, B> {
  startingPosition: 'AT_TIMESTAMP';
  /** ISO 8601 with Z or an offset, as `2025-01-16T09:30:00Z`. Required with, and only with, startingPosition `AT_TIMESTAMP`. */
  startingPositionTimestamp: string;
}

interface MappingFromEnvironment<S extends string, F extends string, B extends string> extends MappingBase<S, F, B> {
  startingPosition: Placeholder;
  startingPositionTimestamp?: string;
}

export type MappingInput<S extends string = string, F extends string = string, B extends string = string> =
  | MappingFromEnd<S, F, B>
  | MappingFromTime<S, F, B>
  | MappingFromEnvironment<S, F, B>;

/** A pipeline as it is declared: buckets, streams, functions, and the mappings between them. */
export interface PipelineInput<B extends string = string, S extends string = string, F extends string = string> {
  /** Of every resource. Default: `us-east-1`. */
  region?: string;
  /** 12 digits. Default: `000000000000`, LocalStack's own. */
  account?: string;
  /** Waiting, for every resource that does not tell its own. */
  wait?: WaitInput;
  /** S3 buckets by name. Names of 3 to 63 lower-case letters, digits, dots and hyphens. */
  buckets?: Record<B, BucketInput | ExistingInput>;
  /** Kinesis streams by name. Names of 1 to 128 letters, digits, underscores, dots and hyphens. */
  streams?: Record<S, StreamInput | ExistingInput>;
  /** Lambda functions by name. Names of 1 to 64 letters, digits, underscores and hyphens. */
  functions?: Record<F, FunctionInput<NoInfer<B>> | ExistingInput>;
  /** What delivers the records of a stream to a function; at most one for each pair. */
  eventSourceMappings?: MappingInput<NoInfer<S>, NoInfer<F>, NoInfer<B>>[];
}
