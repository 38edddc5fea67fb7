import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { AbortedError, type ExpectedError, TimeoutError, UnreachableError } from '../errors.ts';
import { clientConfig, S3_CONFIG } from './client-config.ts';
import { detectEngine } from './detect.ts';
import type { Engine } from './engine.ts';
import { getOnce } from './get-once.ts';
import { type Input, type Operation, type Output, operations, type Service, serviceOf } from './operations.ts';
import { traced } from './trace.ts';

/** What `requestTimeoutMs` is where nothing sets it; see Limits. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface CallOptions {
  /** Milliseconds until a request without an answer is given up. Default 30 000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** One engine, one region, one account. */
export interface Aws {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly engine: Engine;
  /** Sends one request, once: retrying is the caller's, who can look first what the request did. */
  call<O extends Operation>(operation: O, input: Input<O>, options?: CallOptions): Promise<Output<O>>;
  close(): void;
}

export interface ConnectOptions {
  endpoint: string;
  region: string;
  account: string;
  /** How long a first answer is tried for, again while it is refused or a server error, in milliseconds. Default 2000. */
  connectTimeoutMs?: number;
  /** Milliseconds until a request without an answer is given up. Default 30 000. */
  requestTimeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** Finds out which engine answers and makes its clients. */
export async function connect(options: ConnectOptions): Promise<Aws> {
  const { endpoint, region, account, requestTimeoutMs = REQUEST_TIMEOUT_MS, signal } = options;
  const engine = await engineAt(options);
  const config = clientConfig({ endpoint, region, account }, requestTimeoutMs);
  const clients = {
    kinesis: new KinesisClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, ...S3_CONFIG }),
  };
  const gate = firstAlone();
  return {
    endpoint,
    region,
    account,
    engine,
    call(operation, input, { timeoutMs = requestTimeoutMs, signal: own = signal } = {}) {
      const service = serviceOf(operation);
      const command = commandFor(service, operation, input);
      // biome-ignore lint/suspicious/noExplicitAny: the table pairs each client with its own commands
      const send = () => (clients[service] as any).send(command, { abortSignal: own, requestTimeout: timeoutMs });
      return traced(operation, input as object, () => (service === 'kinesis' ? gate(send) : send()));
    },
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Which engine answers at an endpoint. */
export function engineAt(
  options: Pick<ConnectOptions, 'endpoint' | 'signal' | 'requestTimeoutMs' | 'connectTimeoutMs'>,
): Promise<Engine> {
  return detectEngine(options.endpoint, (path) => getJson(options.endpoint + path, options));
}

function commandFor(service: Service, operation: Operation, input: unknown): unknown {
  const commands = operations[service] as Record<string, new (input: unknown) => unknown>;
  const Command = commands[operation];
  if (!Command) throw new Error(`No command for ${operation}`);
  return new Command(input);
}

/**
 * LocalStack registers its Kinesis server before it is up, so that concurrent first calls can get a 500: the first call
 * goes alone, and the others follow once it has been answered.
 */
function firstAlone(): <T>(send: () => Promise<T>) => Promise<T> {
  let first: Promise<unknown> | undefined;
  return async (send) => {
    if (first) {
      await first.catch(() => undefined);
      return send();
    }
    const answer = send();
    first = answer;
    answer.catch(() => {
      first = undefined;
    });
    return answer;
  };
}

async function getJson(url: string, options: Parameters<typeof engineAt>[0]) {
  const { connectTimeoutMs = 2_000, requestTimeoutMs = REQUEST_TIMEOUT_MS, signal, endpoint } = options;
  const giveUpAt = Date.now() + connectTimeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await getOnce(url, Math.min(PROBE_TIMEOUT_MS, requestTimeoutMs), signal);
      // An engine that cannot answer even now is for the caller to judge: there may be another way to tell what it is.
      if (answer.status < 500 || Date.now() >= giveUpAt) return answer;
    } catch (error) {
      if (signal?.aborted) throw stoppedConnecting(signal);
      // A request that was never answered has used the time up, and is made a second time.
      if (Date.now() >= giveUpAt && attempt > 1) throw unreachable(endpoint, error);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** What an engine says of itself takes no service; 10 s leave it time to load others meanwhile. */
const PROBE_TIMEOUT_MS = 10_000;

function stoppedConnecting(signal: AbortSignal): ExpectedError {
  return signal.reason instanceof TimeoutError
    ? new TimeoutError(`Nothing was created: ${signal.reason.message}`)
    : new AbortedError('Stopped while connecting; nothing was created.');
}

function unreachable(endpoint: string, error: unknown): ExpectedError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const seen = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
  return new UnreachableError(
    `Nothing answers at ${endpoint} (${seen}): is LocalStack running? Start it, or name where it is with --endpoint or AWS_ENDPOINT_URL.`,
    { cause: error },
  );
}

/** Connects, and closes the connections when `use` has ended, however it ends. */
export async function withAws<T>(options: ConnectOptions, use: (aws: Aws) => Promise<T>): Promise<T> {
  const aws = await connect(options);
  try {
    return await use(aws);
  } finally {
    aws.close();
  }
}
