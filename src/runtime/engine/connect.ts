import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { AbortedError, type ExpectedError, TimeoutError, UnreachableError } from '../errors.ts';
import { clientConfig, S3_CONFIG } from './client-config.ts';
import { detectEngine } from './detect.ts';
import type { Engine } from './engine.ts';
import { getOnce } from './get-once.ts';
import { type Input, type Operation, type Output, operations, type Service, serviceOf } from './operations.ts';
import { asSentence } from './request-errors.ts';
import { traced } from './trace.ts';

/** The default of `requestTimeoutMs`; see Limits. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface CallOptions {
  /** Milliseconds to wait for the response to a request. Default 30 000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** One engine, one region, one account. */
export interface Aws {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly engine: Engine;
  /** Sends one request, once; its error has the `operation`. Retrying is up to the caller, who can first check the request's effect. */
  call<O extends Operation>(operation: O, input: Input<O>, options?: CallOptions): Promise<Output<O>>;
  close(): void;
}

export interface ConnectOptions {
  endpoint: string;
  region: string;
  account: string;
  /** How many milliseconds to retry the first request while the connection fails or the server returns an error. Default 2000. */
  connectTimeoutMs?: number;
  /** Milliseconds to wait for the response to a request. Default 30 000. */
  requestTimeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Called before the engine is detected, to send reads that any engine answers. Default: none. */
  onClients?: ((call: Aws['call']) => void) | undefined;
}

/** Detects the engine and creates its clients. */
export async function connect(options: ConnectOptions): Promise<Aws> {
  const { endpoint, region, account, onClients } = options;
  const detected = engineAt(options);
  detected.catch(() => undefined);
  const { call, close } = clientsFor(options);
  onClients?.(call);
  try {
    return { endpoint, region, account, engine: await detected, call, close };
  } catch (error) {
    close();
    throw error;
  }
}

function clientsFor(connection: ConnectOptions): Pick<Aws, 'call' | 'close'> {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, signal } = connection;
  const config = clientConfig(connection, requestTimeoutMs);
  const make = {
    kinesis: () => new KinesisClient(config),
    lambda: () => new LambdaClient(config),
    s3: () => new S3Client({ ...config, ...S3_CONFIG }),
  };
  // Each takes some milliseconds to create, so the first request does not wait for all three.
  const clients: Partial<Record<Service, KinesisClient | LambdaClient | S3Client>> = {};
  const clientOf = (service: Service) => (clients[service] ??= make[service]());
  const gate = firstAlone();
  return {
    call<O extends Operation>(operation: O, input: Input<O>, options: CallOptions = {}): Promise<Output<O>> {
      const { timeoutMs = requestTimeoutMs, signal: own = signal } = options;
      const service = serviceOf(operation);
      const command = commandFor(service, operation, input);
      // biome-ignore lint/suspicious/noExplicitAny: the table pairs each client with its own commands
      const send = () => (clientOf(service) as any).send(command, { abortSignal: own, requestTimeout: timeoutMs });
      const answer = traced<Output<O>>(operation, input as object, () => (service === 'kinesis' ? gate(send) : send()));
      return answer.catch((error) => {
        throw Object.assign(error, { operation });
      });
    },
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Detects the engine at an endpoint. */
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
 * LocalStack registers its Kinesis server before it is up, so concurrent first calls can get a 500. The first call goes
 * alone, and the others follow after its response.
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
      // The caller decides about an engine that still fails: another path may identify it.
      if (answer.status < 500 || Date.now() >= giveUpAt) return answer;
    } catch (error) {
      if (signal?.aborted) throw stoppedConnecting(signal);
      // A request without a response may have used up the time, so make a second one.
      if (Date.now() >= giveUpAt && attempt > 1) throw unreachable(endpoint, error);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Describing itself needs no service of the engine; 10 s leave it time to load some meanwhile. */
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
    `Nothing answers at ${endpoint} (${seen}): is LocalStack running? Start it, or set its address with --endpoint or AWS_ENDPOINT_URL.`,
    { cause: error },
  );
}

/**
 * Connects, and closes the connections after `use`, even if it fails. Throws ExpectedError or UnreachableError if a request fails
 * and `use` does not handle it.
 */
export async function withAws<T>(options: ConnectOptions, use: (aws: Aws) => Promise<T>): Promise<T> {
  const aws = await connect(options);
  try {
    return await use(aws);
  } catch (error) {
    // A request that an abort ended has not failed.
    if (options.signal?.aborted) throw error;
    return asSentence(options.endpoint)(error);
  } finally {
    aws.close();
  }
}
