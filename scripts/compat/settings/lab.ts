import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { clientConfig, S3_CONFIG } from '../../../src/runtime/engine/client-config.ts';
import { type Aws, connect } from '../../../src/runtime/engine/connect.ts';
import type { Input } from '../../../src/runtime/engine/operations.ts';
import { TimeoutError } from '../../../src/runtime/errors.ts';
import { CALLS, type Call, type Sent, ZIP } from './function.ts';
import { PLACE } from './place.ts';
import { type Queue, queueOn } from './queue.ts';

const POLL_MS = 200;
/** A stream, a function or a mapping is ready within seconds, on a busy machine too. */
const READY_LIMIT_MS = 30_000;
/** The oldest engine knows no newer one. */
const RUNTIME = 'nodejs20.x';

export type Mapping = Partial<Input<'CreateEventSourceMapping'>>;

/** The engine did not accept the mapping. */
export class RejectedError extends Error {}

/** A function that reads a stream through a mapping. */
export interface Reader {
  uuid: string;
  functionName: string;
  /** Its calls so far, oldest first. */
  calls(): Promise<Call[]>;
}

/** An engine on which probes run side by side. */
export interface Bench {
  lab(name: string): Lab;
  close(): void;
}

export async function openBench(endpoint: string, signal: AbortSignal): Promise<Bench> {
  const aws = await connect({ endpoint, ...PLACE, signal });
  await aws.call('ListStreams', {});
  await aws.call('CreateBucket', { Bucket: CALLS });
  const s3 = new S3Client({ ...clientConfig({ endpoint, ...PLACE }, 30_000), ...S3_CONFIG });
  // At most five streams can be CREATING.
  const creating = pLimit(4);
  const close = () => {
    aws.close();
    s3.destroy();
  };
  return { lab: (name) => new Lab({ aws, s3, creating, signal }, name), close };
}

interface Shared {
  aws: Aws;
  s3: S3Client;
  creating: ReturnType<typeof pLimit>;
  signal: AbortSignal;
}

/** What a probe can do on an engine. Its resources have names of its own. */
export class Lab {
  readonly aws: Aws;
  readonly #shared: Shared;
  readonly #name: string;
  #made = 0;

  constructor(shared: Shared, name: string) {
    this.aws = shared.aws;
    this.#shared = shared;
    this.#name = name;
  }

  /** Creates a stream, and waits until it is ACTIVE. */
  async stream(shardCount?: number): Promise<string> {
    const name = this.#next();
    await this.createStream(name, shardCount);
    return name;
  }

  createStream(StreamName: string, ShardCount = 1): Promise<void> {
    return this.#shared.creating(async () => {
      await this.aws.call('CreateStream', { StreamName, ShardCount });
      await this.waitActive(StreamName);
    });
  }

  waitActive(StreamName: string): Promise<void> {
    return this.#when(`stream ${StreamName}`, async () => {
      const seen = await this.aws.call('DescribeStreamSummary', { StreamName });
      return seen.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });
  }

  /** Deletes a stream, and creates it again once it is gone. */
  async recreate(StreamName: string): Promise<void> {
    await this.aws.call('DeleteStream', { StreamName, EnforceConsumerDeletion: true });
    await this.#when(`the end of stream ${StreamName}`, () =>
      this.aws.call('DescribeStreamSummary', { StreamName }).then(
        () => false,
        (error) => error.name === 'ResourceNotFoundException',
      ),
    );
    await this.createStream(StreamName);
  }

  /** Puts all records in one request, on the shards in turn. */
  async put(StreamName: string, records: readonly Sent[], shardCount = 1): Promise<void> {
    const Records = records.map((record, n) => ({
      PartitionKey: record.id,
      ExplicitHashKey: hashKey(n % shardCount, shardCount),
      Data: Buffer.from(JSON.stringify(record)),
    }));
    const { FailedRecordCount } = await this.aws.call('PutRecords', { StreamName, Records });
    if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were rejected by ${StreamName}`);
  }

  /** Puts each record in a request of its own: kinesis-mock 0.4 may return the first one of a request forever, read one by one. */
  async putEach(stream: string, records: readonly Sent[]): Promise<void> {
    for (const record of records) await this.put(stream, [record]);
  }

  /** Creates a function and its mapping, TRIM_HORIZON unless set otherwise, and waits until it is Enabled. */
  async read(stream: string, mapping: Mapping = {}): Promise<Reader> {
    const functionName = this.#next();
    await this.#createFunction(functionName);
    const uuid = await this.map(stream, functionName, mapping);
    if (mapping.Enabled !== false) await this.#when(`mapping ${functionName}`, () => this.#isEnabled(uuid), 10);
    return { uuid, functionName, calls: this.#callsOf(functionName) };
  }

  /** Creates a mapping, and returns its UUID. Throws RejectedError if the engine does not accept it. */
  async map(stream: string, FunctionName: string, mapping: Mapping = {}): Promise<string> {
    const EventSourceArn = `arn:aws:kinesis:${PLACE.region}:${PLACE.account}:stream/${stream}`;
    const request = { FunctionName, EventSourceArn, StartingPosition: 'TRIM_HORIZON' as const, ...mapping };
    const { UUID = '' } = await this.aws.call('CreateEventSourceMapping', request).catch((error) => {
      const status = error.$metadata?.httpStatusCode;
      throw status >= 400 && status < 500 ? new RejectedError(`${error.name}: ${error.message}`) : error;
    });
    return UUID;
  }

  queue(name: string): Promise<Queue> {
    return queueOn(this.aws.endpoint, name);
  }

  /** Waits until the calls are as wanted; after `limitMs`, returns those seen. */
  async until({ calls }: Reader, wanted: (calls: Call[]) => boolean, limitMs: number): Promise<Call[]> {
    const giveUpAt = Date.now() + limitMs;
    for (;;) {
      const seen = await calls();
      if (wanted(seen) || Date.now() > giveUpAt) return seen;
      await this.sleep(POLL_MS);
    }
  }

  /** The calls after some more time, in which nothing should change. */
  async later({ calls }: Reader, ms: number): Promise<Call[]> {
    await this.sleep(ms);
    return calls();
  }

  /** The keys of a bucket. */
  async keys(Bucket: string, Prefix = ''): Promise<string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#shared.s3 }, { Bucket, Prefix }))
      found.push(...Contents.flatMap(({ Key }) => Key ?? []));
    return found;
  }

  sleep(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#shared.signal });
  }

  #next(): string {
    return `compat-${this.#name}-${++this.#made}`;
  }

  async #createFunction(FunctionName: string): Promise<void> {
    await this.aws.call('CreateFunction', {
      FunctionName,
      Runtime: RUNTIME,
      Handler: 'index.handler',
      Role: `arn:aws:iam::${PLACE.account}:role/lambda-role`,
      Code: { ZipFile: ZIP },
      Timeout: 30,
    });
    await this.#when(`function ${FunctionName}`, async () => {
      const { Configuration: seen } = await this.aws.call('GetFunction', { FunctionName });
      if (seen?.State === 'Failed') throw new Error(`${FunctionName} is Failed: ${seen.StateReason}`);
      return seen?.State === 'Active';
    });
  }

  async #isEnabled(UUID: string): Promise<boolean> {
    return (await this.aws.call('GetEventSourceMapping', { UUID })).State === 'Enabled';
  }

  #callsOf(name: string): Reader['calls'] {
    const read = new Map<string, Call>();
    return async () => {
      for (const Key of (await this.keys(CALLS, `${name}/`)).filter((key) => !read.has(key))) {
        const { Body } = await this.#shared.s3.send(new GetObjectCommand({ Bucket: CALLS, Key }));
        read.set(Key, JSON.parse((await Body?.transformToString()) ?? ''));
      }
      return [...read.values()].sort((one, other) => one.startedAt - other.startedAt);
    };
  }

  async #when(what: string, ready: () => Promise<boolean>, pollMs = 50): Promise<void> {
    const giveUpAt = Date.now() + READY_LIMIT_MS;
    while (!(await ready())) {
      if (Date.now() > giveUpAt) throw new TimeoutError(`${what} was not ready after ${READY_LIMIT_MS / 1000} s`);
      await this.sleep(pollMs);
    }
  }
}

/** The first hash key of a shard of a new stream. */
function hashKey(shard: number, shardCount: number): string {
  return ((2n ** 128n / BigInt(shardCount)) * BigInt(shard)).toString();
}
