import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LoadOptions } from '../../build/load/load.ts';
import { loadRunnable } from '../../build/load/runnable.ts';
import { PipelineError } from '../../library.ts';
import { notInspectable } from '../../local/localstack/inspections.ts';
import { apply, type Runnable } from '../../runtime/apply/apply.ts';
import type { PipelineInput } from '../../runtime/definition/input.ts';
import { accessKeyOf } from '../../runtime/engine/endpoint.ts';
import { AbortedError, ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { checkInspectPorts, Inspector, inspectable } from '../inspect/inspector.ts';
import { environmentOf } from '../outputs/file-formats.ts';
import { type Outputs, readOutputs } from '../outputs/outputs.ts';
import { drain } from './drain.ts';
import { type EngineOptions, type OwnEngine, ownEngine } from './engine.ts';
import { removeFenceBucket } from './fences.ts';
import { objects, type StoredObject } from './objects.ts';
import { openTarget } from './open.ts';
import { type PutOptions, put } from './put.ts';
import { type ResetOptions, reset } from './reset.ts';
import { type DrainOptions, onlyAnswering, type Target } from './target.ts';

export interface StartOptions extends EngineOptions, LoadOptions {
  /** The address of a running engine to use, instead of a new one. */
  endpoint?: string | undefined;
  /**
   * Lets debuggers attach to the functions, at this port for the first of them and the next ones for the others; with 0, at any
   * free ports. Then functions and `drain` have no time limit. Default: off. Not with `docker` or `ministack`.
   */
  inspect?: number | undefined;
}

/** For the constructor of any client of the AWS SDK. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** For S3. */
  forcePathStyle: true;
  /** HTTP/1.1: Kinesis's default, HTTP/2, fails on some engines. */
  requestHandler: NodeHttpHandler;
}

/** A pipeline on an engine, for tests. */
export interface TestPipeline<S extends string = string, B extends string = string> extends AsyncDisposable {
  /** The engine's address. */
  readonly endpoint: string;
  /** With `inspect`, the ports of the functions, by their names. */
  readonly inspected: Record<string, number>;
  /** The names, ARNs and UUIDs of the resources. */
  readonly outputs: Outputs;
  /** The variables that an app needs: those of the AWS SDKs, and the names and ARNs, as `apply --outputs .env` writes them. */
  readonly env: Record<string, string>;
  /** A new configuration for a client of the AWS SDK. */
  readonly clientConfig: ClientConfig;
  /**
   * Puts records on a stream, in order. Text and bytes are sent as they are, all else as JSON. Throws TimeoutError if the stream
   * rejects records for 30 s.
   */
  put<T>(stream: S, records: readonly T[], options?: PutOptions<T>): Promise<void>;
  /**
   * Resolves when each record put before the call has been handled by each mapping of its stream, or given up. Throws TimeoutError
   * after `timeoutMs`, with what blocks the records, and InvalidInputError if a function cannot report what it has handled.
   */
  drain(options?: DrainOptions): Promise<void>;
  /** Reads the objects in a bucket, in the order of their keys. */
  objects(bucket: B): Promise<StoredObject[]>;
  /** Drains the pipeline, empties its buckets and puts its seeds again. Throws as `drain` does. */
  reset(options?: ResetOptions): Promise<void>;
  /** Stops the engine, unless it was running before. */
  stop(): Promise<void>;
}

/**
 * Starts an engine (LocalStack, unless `engine` or `endpoint` is given), applies a definition to it, and resolves when the pipeline
 * delivers. Throws InvalidInputError for a definition or an option that is rejected, ExpectedError if the engine does not start,
 * UnreachableError if nothing answers at `endpoint`, PipelineError if a step fails, and AbortedError at the signal.
 */
export async function startPipeline<B extends string = string, S extends string = string, F extends string = string>(
  definition: string | PipelineInput<B, S, F>,
  options: StartOptions = {},
): Promise<TestPipeline<S, B>> {
  // An invalid definition must not cost the start of an engine.
  const runnable = await loadRunnable(definition as string | PipelineInput, options);
  if (options.inspect !== undefined) await checkInspect(options.inspect, runnable, options);
  const own = options.endpoint === undefined ? await ownEngine(options) : undefined;
  const endpoint = own?.endpoint ?? options.endpoint;
  let inspector: Inspector | undefined;
  try {
    if (options.inspect !== undefined) inspector = new Inspector(endpoint, options.inspect);
    return await ready(runnable, options, { endpoint, own, inspector });
  } catch (error) {
    inspector?.close();
    await own?.stop();
    throw error;
  }
}

interface Engine {
  endpoint: string | undefined;
  own: OwnEngine | undefined;
  inspector: Inspector | undefined;
}

async function ready<S extends string, B extends string>(
  runnable: Runnable,
  { signal }: StartOptions,
  { endpoint, own, inspector }: Engine,
): Promise<TestPipeline<S, B>> {
  await inspector?.add(runnable.pipeline);
  const result = await apply(runnable, { endpoint, ...(signal && { signal }) });
  if (!result.ok) throw notReady(new PipelineError(runnable.name, result), signal);
  const inspected = await inspector?.start(runnable.pipeline, signal, rejectProblem);
  // A function may be paused.
  const limit = inspector && { timeoutMs: Number.POSITIVE_INFINITY };
  const target: Target = { ...(await openTarget(runnable, endpoint)), ...(own && { log: own.log }) };
  const outputs = await readOutputs(target.pipeline, target.aws);
  // The seeds that apply put: the first test finds them handled, as after a reset.
  if (target.records?.size) await drain(onlyAnswering(target), { signal });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    inspector?.close();
    stopped ??= end(target, own);
    return stopped;
  };
  return {
    endpoint: target.aws.endpoint,
    inspected: Object.fromEntries(inspected?.map((each) => [each.function, each.port]) ?? []),
    outputs,
    env: environmentOf(outputs),
    get clientConfig() {
      return clientConfigOf(target);
    },
    put: (stream, records, more = {}) => put(stream, records, target, more),
    drain: (more) => drain(target, { ...limit, ...more }),
    objects: (bucket) => objects(bucket, target),
    reset: (more) => reset(target, { ...limit, ...more }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function notReady(failure: PipelineError, signal: AbortSignal | undefined): ExpectedError {
  return signal?.aborted ? new AbortedError(`Stopped. ${failure.message}`, { cause: failure }) : failure;
}

/** Before an engine is started. */
async function checkInspect(port: number, { pipeline }: Runnable, { engine, endpoint }: StartOptions): Promise<void> {
  if (endpoint === undefined && (engine === 'docker' || engine === 'ministack'))
    throw new InvalidInputError(notInspectable(`the engine ${engine}`));
  await checkInspectPorts(port, inspectable(pipeline).length);
}

function rejectProblem(problem: string): never {
  throw new ExpectedError(problem);
}

async function end(target: Target, own: OwnEngine | undefined): Promise<void> {
  if (!own) await removeFenceBucket(target.aws).catch(() => undefined);
  target.aws.close();
  await own?.stop();
}

function clientConfigOf({ aws: { endpoint, region, account } }: Target): ClientConfig {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accessKeyOf(account), secretAccessKey: 'test' },
    forcePathStyle: true,
    requestHandler: new NodeHttpHandler(),
  };
}
