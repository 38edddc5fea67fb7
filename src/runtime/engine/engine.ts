/** What answers at an endpoint. */
export type ProductName = 'localstack' | 'ministack' | 'floci';

/** What the engine at an endpoint is. */
export interface Engine {
  product: ProductName;
  /** As the engine tells it, e.g. `4.14.0`; empty where it tells none. */
  version: string;
  /** Lambda runtimes it knows; undefined where it does not tell. */
  runtimes?: readonly string[];
  /** Functions run in Docker containers, which is LocalStack's default in its own container. Default: false. */
  functionsInContainers?: boolean;
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

/** What sets a product apart: all that this tool knows of it. Its versions, where they differ, are in a table beside this file. */
export interface Product {
  /** As people write it. */
  title: string;
  quirks: Quirks;
  /** Where it reports the state of its ready hooks; the first path that answers counts. */
  hookPaths: readonly string[];
  /** After how many milliseconds it ends a hook, and what to say of that; left out where it does not. */
  hookLimit?: { ms: number; message: string };
  /** What it puts before the first line that a hook printed, in its own log. */
  hookLogPrefix?: RegExp;
}
