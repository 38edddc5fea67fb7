/** The products that can run at an endpoint. */
export type ProductName = 'localstack' | 'localemu' | 'ministack' | 'floci';

/** The engine at an endpoint. */
export interface Engine {
  product: ProductName;
  /** As the engine reports it, e.g. `4.14.0`; empty if it does not. */
  version: string;
  /** The Lambda runtimes it supports; undefined if it does not list them. */
  runtimes?: readonly string[];
  /** Functions run in Docker containers, which is LocalStack's default in its own container. Default: false. */
  functionsInContainers?: boolean;
  quirks: Quirks;
}

/** Behaviour of engines that differs from AWS, as data. Default: false, unless said otherwise. */
export interface Quirks {
  /** The poller takes a LATEST iterator at its first poll, after `Enabled`: records put in between are lost (localstack#10166). */
  latestLosesFirstRecords?: boolean;
  /** A mapping's filter on `kinesis.approximateArrivalTimestamp` is honoured. */
  filtersArrivalTime?: boolean;
  /** Records keep fractions of a millisecond in their arrival time, and filters compare them. */
  arrivalHasFractions?: boolean;
  /** The keys that a mapping's filters can use, as paths; records have no others. Default: any. */
  filterKeys?: readonly string[];
  /** Filters read a record's data only if one of them has `data` outside `$or`. */
  dataFilterInOrIgnored?: boolean;
  /** Conditions of filters that match the wrong records, none, or stop the poller; see filters.ts. Default: none. */
  unmatchedConditions?: readonly string[];
  /** A mapping AT_TIMESTAMP is Enabled but never delivers: the poller dies of KeyError 'StartingPositionTimestamp'. */
  atTimestampNeverDelivers?: boolean;
  /** A mapping AT_TIMESTAMP starts at LATEST. */
  atTimestampIsLatest?: boolean;
  /** UpdateEventSourceMapping starts a new poller from StartingPosition; nothing is checkpointed. */
  updateRestartsPoller?: boolean;
  /**
   * After UpdateShardCount, a mapping does not deliver each record once: LocalStack restarts all shards from StartingPosition each
   * time its poller reaches a closed one (up to 4.2 it reads no new shard), and MiniStack loses records.
   */
  reshardBreaksMappings?: boolean;
  /**
   * A mapping whose stream is deleted stays Enabled and keeps its position. On a new stream of the same name, LocalStack reads
   * nothing; LocalEmu and MiniStack skip as many records as they had read before.
   */
  pollerKeepsEarlierStream?: boolean;
  /** A mapping deleted while Disabled stays at Deleting until the engine restarts: no worker runs that would finish the job. */
  disabledMappingNeverGoes?: boolean;
  /** A function that is Failed since its creation can be neither updated nor deleted: both return HTTP 500. */
  failedFunctionStays?: boolean;
  /** How many milliseconds a stream is CREATING, unless KINESIS_LATENCY changes it. Default: none. */
  streamCreatingMs?: number;
  /** How many milliseconds a function is Pending, at least. Default: none. */
  functionPendingMs?: number;
  /** Every mapping starts at TRIM_HORIZON, whatever was requested. */
  mappingsStartAtHorizon?: boolean;
  /** The settings of a mapping that it accepts but ignores. Default: none. */
  ignoredSettings?: readonly string[];
  /** The only settings of a mapping that its poller honours. Default: all but those above. */
  honouredSettings?: readonly string[];
  /** The settings of a mapping that it stores; it accepts others but does not return them. Default: all. */
  keptSettings?: readonly string[];
}

/** Everything that is specific to a product. Differences between LocalStack versions are in localstack-versions.ts. */
export interface Product {
  /** Its name for people. */
  title: string;
  quirks: Quirks;
  /** The paths of its ready hooks' state; the first one that responds counts. */
  hookPaths: readonly string[];
  /** After how many milliseconds it stops a hook, and the warning about that. Default: never. */
  hookLimit?: { ms: number; message: string };
  /** The prefix of a hook's first line in the engine's log. */
  hookLogPrefix?: RegExp;
}
