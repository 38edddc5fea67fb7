import { ExpectedError } from '../errors.ts';

/** What the engine at an endpoint is. */
export interface Engine {
  product: 'localstack' | 'ministack' | 'floci';
  /** As the engine tells it, e.g. `4.14.0`; empty where it tells none. */
  version: string;
  /** Lambda runtimes it knows; undefined where it does not tell. */
  runtimes?: readonly string[];
  quirks: Quirks;
}

/** Behaviour of engines that differs from AWS, as data. */
export interface Quirks {
  /** The poller takes a LATEST iterator at its first poll, after `Enabled`: what is put in between is lost (localstack#10166). */
  latestLosesFirstRecords: boolean;
  /** A mapping's filter on `kinesis.approximateArrivalTimestamp` is honoured. */
  filtersArrivalTime: boolean;
  /** A mapping AT_TIMESTAMP says Enabled and never delivers: the poller dies on KeyError 'StartingPositionTimestamp'. */
  atTimestampNeverDelivers: boolean;
  /** UpdateEventSourceMapping starts a new poller from StartingPosition; nothing is checkpointed. */
  updateRestartsPoller: boolean;
  /** After UpdateShardCount the poller meets a closed shard and starts all shards anew from StartingPosition, each time round. */
  reshardRestartsPoller: boolean;
  /**
   * A mapping whose stream is deleted stays Enabled and keeps its place in it: of a new stream of the same name LocalStack reads nothing,
   * MiniStack nothing of the first records, as many as it had read.
   */
  pollerKeepsEarlierStream: boolean;
  /** A mapping that is deleted while Disabled stays at Deleting until the engine is restarted: nothing runs that would end it. */
  disabledMappingNeverGoes: boolean;
  /** A function that is Failed since it was made is neither updated nor deleted: both are answered with HTTP 500. */
  failedFunctionStays: boolean;
  /** Milliseconds for which a stream is CREATING, unless the engine is set otherwise (KINESIS_LATENCY); left out where it is none. */
  streamCreatingMs?: number;
  /** Milliseconds for which a function is Pending at least; left out where it is not. */
  functionPendingMs?: number;
  /** Every mapping starts at TRIM_HORIZON, whatever it is made with. */
  mappingsStartAtHorizon: boolean;
  /** The settings of a mapping that its poller honours. Default: all. */
  honouredSettings?: readonly string[];
  /** The settings of a mapping that it keeps; others it accepts and does not tell. Default: all. */
  keptSettings?: readonly string[];
}

/** By product. */
export const QUIRKS: Record<Engine['product'], Quirks> = {
  localstack: {
    latestLosesFirstRecords: true,
    filtersArrivalTime: true,
    atTimestampNeverDelivers: true,
    updateRestartsPoller: true,
    reshardRestartsPoller: true,
    pollerKeepsEarlierStream: true,
    disabledMappingNeverGoes: true,
    failedFunctionStays: true,
    mappingsStartAtHorizon: false,
    streamCreatingMs: 500,
    functionPendingMs: 50,
  },
  ministack: {
    latestLosesFirstRecords: true,
    filtersArrivalTime: false,
    atTimestampNeverDelivers: false,
    updateRestartsPoller: false,
    reshardRestartsPoller: false,
    pollerKeepsEarlierStream: true,
    disabledMappingNeverGoes: false,
    failedFunctionStays: false,
    mappingsStartAtHorizon: false,
    honouredSettings: ['batchSize', 'filters'],
  },
  floci: {
    latestLosesFirstRecords: false,
    filtersArrivalTime: false,
    atTimestampNeverDelivers: false,
    updateRestartsPoller: false,
    reshardRestartsPoller: false,
    pollerKeepsEarlierStream: false,
    disabledMappingNeverGoes: false,
    failedFunctionStays: false,
    mappingsStartAtHorizon: true,
    honouredSettings: ['batchSize'],
    keptSettings: ['batchSize', 'reportBatchItemFailures', 'bisectBatchOnFunctionError', 'onFailure'],
  },
};

type Get = (path: string) => Promise<{ status: number; body: unknown }>;

/** The engine as a reader sees it: `LocalStack 4.14.0`. */
export function engineName(engine: Engine): string {
  const product = { localstack: 'LocalStack', ministack: 'MiniStack', floci: 'Floci' }[engine.product];
  return engine.version ? `${product} ${engine.version}` : product;
}

/** Asks the endpoint what it is. Throws ExpectedError when something answers that is not a known engine. */
export async function detectEngine(endpoint: string, get: Get): Promise<Engine> {
  const asked = get('/_aws/lambda/runtimes?filter=all');
  asked.catch(() => undefined);
  const info = await get('/_localstack/info');
  // MiniStack answers LocalStack's health, too, with a version of its own, so it is asked for by its own name first.
  const known =
    identify(info.body) ?? (await identifyMiniStack(get)) ?? identify((await get('/_localstack/health')).body);
  if (known) {
    const quirks = QUIRKS[known.product];
    if (known.product === 'ministack') return { ...known, quirks };
    const runtimes = (await asked).body;
    return { ...known, quirks, ...(isRuntimes(runtimes) && { runtimes: runtimes.Runtimes }) };
  }
  throw new ExpectedError(
    `What answers at ${endpoint} is not LocalStack: GET /_localstack/info gave HTTP ${info.status}; is another program using this port? Name the right one with --endpoint or AWS_ENDPOINT_URL.`,
  );
}

function identify(body: unknown): Pick<Engine, 'product' | 'version'> | undefined {
  if (typeof body !== 'object' || body === null || !('version' in body)) return;
  const version = String(body.version).split(':')[0] ?? '';
  return { product: isFloci(body) ? 'floci' : 'localstack', version };
}

/** It gives itself out as LocalStack's community edition, and tells its own as the original one. */
function isFloci(body: object): boolean {
  return 'original_edition' in body && String(body.original_edition).startsWith('floci');
}

async function identifyMiniStack(get: Get): Promise<Pick<Engine, 'product' | 'version'> | undefined> {
  if (!isMiniStack((await get('/_ministack/ready')).body)) return undefined;
  const { body } = await get('/_ministack/health');
  return { product: 'ministack', version: identify(body)?.version ?? '' };
}

function isMiniStack(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'total' in body && 'completed' in body;
}

function isRuntimes(body: unknown): body is { Runtimes: string[] } {
  return typeof body === 'object' && body !== null && 'Runtimes' in body && Array.isArray(body.Runtimes);
}
