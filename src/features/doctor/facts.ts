import type { ProductName } from '../../runtime/engine/engine.ts';
import type { EngineHooks } from '../../runtime/engine/hooks.ts';
import type { PipelineStatus } from '../status/status.ts';
import type { LogLine } from './last-error.ts';

/** Everything that was read, without judgement; `diagnose` draws the conclusions. */
export interface Facts {
  /** When they were read, milliseconds since the epoch. */
  readAt: number;
  /** The regions that were searched for mappings. */
  regions: string[];
  engine: EngineFacts;
  mappings: MappingFacts[];
  /** Streams that hold records and have a mapped stream's name, in a place where no mapping reads them. */
  strays?: StrayFacts[];
  /** Every function that a mapping or a definition names. */
  functions: FunctionFacts[];
  /** Declared resources compared with the engine. */
  pipelines: DeclaredFacts[];
  hooks?: EngineHooks;
  /** The ready.d folder on this machine. */
  folder?: FolderFacts;
  compose?: ComposeFacts;
  log?: LogFacts;
}

export interface DeclaredFacts extends PipelineStatus {
  /** The definition's file. */
  file?: string;
  region?: string;
  /** The keys of resources declared as existing, which apply does not create. */
  existing?: string[];
}

export interface EngineFacts {
  product: ProductName;
  version: string;
  /** `LocalStack 4.14.0` */
  name: string;
  endpoint: string;
  atTimestampNeverDelivers: boolean;
  latestLosesFirstRecords: boolean;
  pollerKeepsEarlierStream: boolean;
  /** When the engine started, milliseconds since the epoch; undefined if unknown. */
  startedAt?: number;
  licensed?: boolean;
}

export interface MappingFacts {
  uuid: string;
  state: string;
  startingPosition: string;
  /** Milliseconds since the epoch; LocalStack reports its local time as if it were UTC. */
  modifiedAt?: number;
  /** Creation time of the stream it was created for, milliseconds since the epoch; only if ready-hooks created the mapping. */
  madeFor?: number;
  stream: Arn;
  /** Status of the stream with exactly this ARN; undefined if it does not exist. */
  streamStatus?: string;
  /** Milliseconds since the epoch. */
  streamCreatedAt?: number;
  filters: Record<string, unknown>[];
  /** ARNs of streams with the same name in other regions or accounts. */
  elsewhere: string[];
  function: string;
}

export interface StrayFacts {
  stream: Arn;
  /** The stream of that name that a mapping reads. */
  read: Arn;
  /** Whether that one holds records, too. */
  readHolds: boolean;
}

export interface Arn {
  arn: string;
  region: string;
  account: string;
  name: string;
}

export interface FunctionFacts {
  name: string;
  /** Undefined if the function does not exist. */
  state?: string;
  reason?: string;
  updateStatus?: string;
  runtime?: string;
  /** The account in the ARN of its role. */
  roleAccount?: string;
  /** The account and region it belongs to. */
  account: string;
  region: string;
  /** When its code or configuration was last changed, milliseconds since the epoch. */
  modifiedAt?: number;
  /** It has the tag of a first call that has not succeeded yet. */
  unverified?: boolean;
  /** Undefined without recent calls, or if the engine does not count them. */
  recentCalls?: CallFacts;
}

/** The calls of a function within one minute. */
export interface CallFacts {
  /** Milliseconds since the epoch. */
  at: number;
  calls: number;
  errors: number;
  /** The last error in the function's log; read only if all calls failed. */
  lastError?: LogLine;
}

export interface FolderFacts {
  path: string;
  absolutePath: string;
  /** Undefined if the folder does not exist. */
  files?: FileFacts[];
}

export interface FileFacts {
  /** Relative to the folder, with `/`. */
  path: string;
  executable: boolean;
  /** The first line including its line ending; only for .sh files. */
  firstLine?: string;
  crlf?: boolean;
}

export interface ComposeFacts {
  file: string;
  services: ServiceFacts[];
}

export type FunctionSetting = 'LAMBDA_DOCKER_NETWORK' | 'MAIN_CONTAINER_NAME' | 'HOSTNAME_FROM_LAMBDA';

export interface ServiceFacts {
  name: string;
  image: string;
  /** The health check's command; undefined if the service does not set one. */
  healthcheck?: string;
  mounts: MountFacts[];
  /** Names of its environment variables. */
  environment: string[];
  /** Those without a value. */
  emptyVariables: string[];
  /** Those that contain localhost.localstack.cloud, and `healthcheck` if that does. */
  publicNames: string[];
  /** The values of the variables that affect how functions reach it. */
  settings: Partial<Record<FunctionSetting, string>>;
  /** Unless it sets LAMBDA_RUNTIME_EXECUTOR to something else. */
  functionsInContainers: boolean;
  hostname?: string;
  containerName?: string;
  /** The networks of its container, with their names in Docker; undefined with network_mode. */
  networks?: { key: string; name: string }[];
}

export interface MountFacts {
  source: string;
  target: string;
  exists: boolean;
  createsHostPath: boolean;
  /** The target of a read-only mount that this one is inside, if its folder lacks the mount point. */
  lacksPointIn?: string;
}

/** The relevant lines of the engine's log, in order. */
export interface LogFacts {
  file: string;
  events: LogEvent[];
}

export type LogEvent =
  | { type: 'request'; operation: 'CreateStream' | 'DeleteStream'; status: number; error?: string }
  | { type: 'kinesis-restarted' | 'kinesis-unread' | 'not-json' | 'no-licence'; line: string }
  /** A poller failed, and waits before it goes on. `at`: as the log shows it, without a time zone. */
  | { type: 'poll-failed'; arn: string; at: string; line: string }
  /** Why a container of a function does not start. */
  | { type: 'own-container-unknown' | 'no-address' | 'init-failed'; line: string }
  | { type: 'start-failed'; function: string; line: string }
  /** `output` is the last line that the hook printed. */
  | { type: 'hook-failed'; hook: string; reason: string; output?: string }
  | { type: 'not-found'; arn: string; operation: string };

/** `arn:aws:kinesis:us-east-1:000000000000:stream/orders` split into its parts. */
export function parseStreamArn(arn: string): Arn | undefined {
  const [, region, account, name] = /^arn:[^:]*:kinesis:([^:]*):(\d*):stream\/(.+)$/.exec(arn) ?? [];
  return region && account && name ? { arn, region, account, name } : undefined;
}
