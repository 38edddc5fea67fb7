import type { ProductName } from '../../runtime/engine/engine.ts';
import type { EngineHooks } from '../../runtime/engine/hooks.ts';
import type { PipelineStatus } from '../status/status.ts';

/** All that was read; diagnose decides what it means. */
export interface Facts {
  engine: EngineFacts;
  mappings: MappingFacts[];
  /** Every function that a mapping or a definition names. */
  functions: FunctionFacts[];
  /** Declared against seen. */
  pipelines: PipelineStatus[];
  hooks?: EngineHooks;
  /** The ready.d folder on this machine. */
  folder?: FolderFacts;
  compose?: ComposeFacts;
  log?: LogFacts;
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
  /** When the engine started, milliseconds since the epoch; undefined where that is not known. */
  startedAt?: number;
  licensed?: boolean;
}

export interface MappingFacts {
  uuid: string;
  state: string;
  startingPosition: string;
  /** Milliseconds since the epoch; on LocalStack by the clock on its machine's wall, taken for UTC. */
  modifiedAt?: number;
  /** Milliseconds since the epoch: of the stream that it was made for, where ready-hooks made it. */
  madeFor?: number;
  stream: Arn;
  /** Status of the stream of exactly this ARN; undefined where there is none. */
  streamStatus?: string;
  /** Milliseconds since the epoch. */
  streamMadeAt?: number;
  /** ARNs of streams of the same name in other regions or accounts. */
  elsewhere: string[];
  function: string;
}

export interface Arn {
  arn: string;
  region: string;
  account: string;
  name: string;
}

export interface FunctionFacts {
  name: string;
  /** Undefined: no such function. */
  state?: string;
  reason?: string;
  updateStatus?: string;
  runtime?: string;
  /** Account in its role's ARN. */
  roleAccount?: string;
  /** Account it belongs to. */
  account: string;
  /** Undefined where it was not called lately, or the engine does not count. */
  lately?: CallFacts;
}

/** The calls of a function in one minute. */
export interface CallFacts {
  /** Milliseconds since the epoch. */
  at: number;
  calls: number;
  errors: number;
}

export interface FolderFacts {
  path: string;
  /** Undefined: the folder does not exist. */
  files?: FileFacts[];
}

export interface FileFacts {
  /** Below the folder, with `/`. */
  path: string;
  executable: boolean;
  /** The first line with its line end; only of .sh files. */
  firstLine?: string;
  crlf?: boolean;
}

export interface ComposeFacts {
  file: string;
  services: ServiceFacts[];
}

export interface ServiceFacts {
  name: string;
  image: string;
  /** The health check's command; undefined where the service has none of its own. */
  healthcheck?: string;
  mounts: { source: string; target: string; exists: boolean; createsHostPath: boolean }[];
  /** Names of its environment variables. */
  environment: string[];
}

/** What the engine's log holds, in its order. */
export interface LogFacts {
  file: string;
  events: LogEvent[];
}

export type LogEvent =
  | { type: 'request'; operation: 'CreateStream' | 'DeleteStream'; status: number; error?: string }
  | { type: 'kinesis-restarted' | 'kinesis-unread'; line: string }
  | { type: 'not-found'; arn: string; operation: string };

/** `arn:aws:kinesis:us-east-1:000000000000:stream/orders` in its parts. */
export function parseStreamArn(arn: string): Arn | undefined {
  const [, region, account, name] = /^arn:[^:]*:kinesis:([^:]*):(\d*):stream\/(.+)$/.exec(arn) ?? [];
  return region && account && name ? { arn, region, account, name } : undefined;
}
