import type { Runtime } from './runtimes.ts';

// Editors show these comments, and the published JSON Schema takes its descriptions from them. A type test proves these types
// equal to the schema's input. Defaults and limits are those of AWS unless noted.

/** A string with `${NAME}` or `${NAME:-default}`, replaced from the environment when the hook runs. `$${` gives a literal `${`. */
export type Placeholder = `${string}\${${string}}${string}`;

/** How long to wait for a resource. */
export interface WaitInput {
  /** Time limit, counted from the engine's first response. Milliseconds, 1 to 3,600,000. Default: bucket and stream 10,000, function and seed 300,000, mapping 30,000. */
  timeoutMs?: number;
  /** A fixed pause between two checks. Milliseconds, 10 to 60,000. Default: grows from 50 to 250. */
  intervalMs?: number;
  /** A pause once the resource is ready, if this run changed it. Milliseconds, 0 to 600,000. Default: 0. */
  settleMs?: number;
}

/** A resource that something else creates. */
export interface ExistingInput {
  /** `true`: the hook waits for the resource, and never creates or changes it. The only other setting is `wait`. */
  existing: true;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface DirectorySeed {
  /** A folder. Each file in it becomes an object; the key is its path within the folder. Relative to the definition's folder. One of `directory` and `zip` is required. */
  directory: string;
  zip?: never;
}

interface ZipSeed {
  /** A zip file. Each file in it becomes an object; the key is its path within the zip. Relative to the definition's folder. One of `directory` and `zip` is required. */
  zip: string;
  directory?: never;
}

export type BucketSeedInput = DirectorySeed | ZipSeed;

export interface StreamSeedInput {
  /** A JSON Lines file: each line is a record; empty lines are skipped. Relative to the definition's folder. Required. */
  file: string;
  /** The field of each object to use as its partition key. Default: the line number. */
  partitionKey?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export interface BucketInput {
  /** `true`: the hook waits for the bucket, and never creates or changes it. The only other setting is `wait`. Default: false. */
  existing?: false;
  /** Canned access control list. With objectOwnership `BucketOwnerEnforced` only `private` is allowed. Default: not sent; removing it later changes nothing. */
  acl?: 'private' | 'public-read' | 'public-read-write' | 'authenticated-read' | Placeholder;
  /** Who owns objects put by other accounts. Default: the engine's default, on AWS `BucketOwnerEnforced`; removing it later changes nothing. */
  objectOwnership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | Placeholder;
  /** Lets objects be locked against deletion; turns versioning on. Cannot be changed later. Default: false. */
  objectLockEnabled?: boolean;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** Objects to put into the bucket once, before functions that have it in `buckets` receive records. Put again if they change. At most 50 MB. Default: none. */
  seed?: BucketSeedInput;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
interface StreamBase {
  /** `true`: the hook waits for the stream, and never creates or changes it. The only other setting is `wait`. Default: false. */
  existing?: false;
  /** How long records are kept. Hours, 24 to 8760. Default: 24. */
  retentionPeriodHours?: number;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** Records to put on the stream once, when all of its mappings are ready. If any of them changes, all are put again. At most 50 MB. Default: none. */
  seed?: StreamSeedInput;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface ProvisionedStream extends StreamBase {
  /** `PROVISIONED`: `shardCount` shards. `ON_DEMAND`: the engine decides. Default: `PROVISIONED`. */
  streamMode?: 'PROVISIONED' | Placeholder;
  /** The number of shards of a `PROVISIONED` stream, 1 to 10,000. Default: 1. */
  shardCount?: number;
}

interface OnDemandStream extends StreamBase {
  streamMode: 'ON_DEMAND';
  shardCount?: never;
}

export type StreamInput = ProvisionedStream | OnDemandStream;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
interface FunctionBase<Bucket extends string> {
  /** `true`: the hook waits for the function, and never creates or changes it. The only other setting is `wait`. Default: false. */
  existing?: false;
  /** One of Lambda's runtimes; nodejs for an `entry`. The engine's version decides which ones it supports. Default: `nodejs22.x`. */
  runtime?: Runtime | Placeholder;
  /** File name without extension, a dot, and the name of the exported function. 1 to 128 characters without spaces. Default: `index.handler`. */
  handler?: string;
  /** MB, 128 to 10,240. Default: 128. */
  memorySize?: number;
  /** Time limit of an invocation. Seconds, 1 to 900. Default: 3. */
  timeoutSeconds?: number;
  /** Environment variables. Names have two or more letters, digits and underscores, start with a letter, and cannot be ones that Lambda sets itself. At most 4096 bytes together with `buckets`. Values never appear in a log. Default: none. */
  environment?: Record<string, string>;
  /** Environment variables that hold the name of one of the pipeline's buckets. The function is created once these buckets are ready. Default: none. */
  buckets?: Record<string, Bucket>;
  /** ARN of the execution role, which must be in the stream's account. Default: `lambda-role` in the pipeline's account. */
  role?: string;
  /** Default: that of the machine the hook runs on. */
  architecture?: 'x86_64' | 'arm64' | Placeholder;
  /** ARNs of layer versions, at most 5. Default: none. */
  layers?: string[];
  /** At most 256 characters. Default: none. */
  description?: string;
  /** If LocalStack runs functions in containers, calls a new function once before its mappings are created: a container that cannot start fails the run. The call is an empty batch; the handler of an `entry` never sees it. Default: true for an `entry` that a mapping reads, otherwise false. */
  verifyStart?: boolean;
  /** At most 50. Keys of 1 to 128 characters, not beginning with `aws:` or `ready-hooks:`; values of at most 256. Default: none. */
  tags?: Record<string, string>;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface EntryFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A .ts, .mts, .js, .mjs or .cjs file, bundled by esbuild. Relative to the definition's folder. One of `entry`, `directory` and `zip` is required. */
  entry: string;
  directory?: never;
  zip?: never;
}

interface DirectoryFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A folder, zipped as it is, without `__pycache__`. Relative to the definition's folder. One of `entry`, `directory` and `zip` is required. */
  directory: string;
  entry?: never;
  zip?: never;
}

interface ZipFunction<Bucket extends string> extends FunctionBase<Bucket> {
  /** A zip file, uploaded as it is. Relative to the definition's folder. One of `entry`, `directory` and `zip` is required. */
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
  /** The most records per invocation, 1 to 10,000. Default: 100. */
  batchSize?: number;
  /** How long to collect records for a batch. Seconds, 0 to 300. Default: 0. */
  maximumBatchingWindowSeconds?: number;
  /** Whether the function reports the failed records of a batch, so that a retry starts at the first of them. Default: false. */
  reportBatchItemFailures?: boolean;
  /** How often to retry a failed batch, 0 to 10,000, or -1 for unlimited. Default: -1. */
  maximumRetryAttempts?: number;
  /** Skips records older than this. Seconds, 60 to 604,800, or -1 for unlimited. Default: -1. */
  maximumRecordAgeSeconds?: number;
  /** Whether to split a failed batch in two before retrying it. LocalStack stores this but ignores it. Default: false. */
  bisectBatchOnFunctionError?: boolean;
  /** How many batches of one shard to process at once, 1 to 10. LocalStack stores this but ignores it. Default: 1. */
  parallelizationFactor?: number;
  /** Window for aggregations. Seconds, 0 (none) to 900. LocalStack stores this but ignores it. Default: 0. */
  tumblingWindowSeconds?: number;
  /** Event patterns, at most 5, each at most 4096 characters as JSON; a record that matches any of them is delivered. AWS supports only the key `data`, which drops records that are not JSON. Default: none; every record is delivered. */
  filters?: Record<string, unknown>[];
  /** Where to report discarded batches: one of the pipeline's buckets, or the ARN of an SQS queue, an SNS topic or an S3 bucket. Default: nowhere. */
  onFailure?: { bucket: Bucket; arn?: never } | { arn: string; bucket?: never };
  /** Whether the mapping reads the stream. Default: true. */
  enabled?: boolean;
  /** Whether the mapping counts as ready only once a probe record has reached the function, each time the mapping is created or changed. Needs a function with `entry`. Its handler never sees probes; other consumers of the stream do. With at most 4 `filters`. Default: false. */
  verifyDelivery?: boolean;
  /** How long to wait for it. Default: the pipeline's `wait`. */
  wait?: WaitInput;
}

interface MappingFromEnd<S extends string, F extends string, B extends string> extends MappingBase<S, F, B> {
  /** Where to start in the stream. `LATEST`: with records put from now on; none is lost. `TRIM_HORIZON`: with the oldest record. `AT_TIMESTAMP`: at `startingPositionTimestamp`; rejected on LocalStack, LocalEmu, MiniStack and Floci, where it does not work. Only takes effect when the mapping is created: to change it, `destroy` the mapping and apply again. Required. */
  startingPosition: 'LATEST' | 'TRIM_HORIZON';
  startingPositionTimestamp?: never;
}

interface MappingFromTime<S extends string, F extends string, B extends string> extends MappingBase<S, F, B> {
  startingPosition: 'AT_TIMESTAMP';
  /** ISO 8601 with Z or an offset, such as `2025-01-16T09:30:00Z`. Required with startingPosition `AT_TIMESTAMP`, and only allowed with it. */
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

/** The declaration of a pipeline: buckets, streams, functions, and the mappings between them. */
export interface PipelineInput<B extends string = string, S extends string = string, F extends string = string> {
  /** The region of every resource. Default: `us-east-1`. */
  region?: string;
  /** 12 digits. Default: `000000000000`, as in LocalStack. */
  account?: string;
  /** The default `wait` of every resource. */
  wait?: WaitInput;
  /** S3 buckets by name. Names of 3 to 63 lowercase letters, digits, dots and hyphens. */
  buckets?: Record<B, BucketInput | ExistingInput>;
  /** Kinesis streams by name. Names of 1 to 128 letters, digits, underscores, dots and hyphens. */
  streams?: Record<S, StreamInput | ExistingInput>;
  /** Lambda functions by name. Names of 1 to 64 letters, digits, underscores and hyphens. */
  functions?: Record<F, FunctionInput<NoInfer<B>> | ExistingInput>;
  /** Event source mappings, which deliver the records of a stream to a function; at most one per pair. */
  eventSourceMappings?: MappingInput<NoInfer<S>, NoInfer<F>, NoInfer<B>>[];
}
