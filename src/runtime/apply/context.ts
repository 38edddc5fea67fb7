import type { Clock } from '../clock.ts';
import type { Aws, CallOptions } from '../engine/connect.ts';
import type { Identity, KindName } from '../identity.ts';
import type { Step } from '../plan.ts';
import type { Emit, EmitOfStep } from '../report/events.ts';
import type { Reader, Ready, World } from '../resources/kind.ts';
import type { Share } from '../resources/shared-answers.ts';
import type { TakeTurn } from './concurrency.ts';

/** Shared by all steps of a run. */
export interface RunContext {
  aws: Aws;
  emit: Emit;
  clock: Clock;
  /** Identifies the pipeline in the tags of what it makes. Default: no tags. */
  owner?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Requests that the steps of one pass share; for the first pass, with what was read ahead. Default: none. */
  shared?: Share;
  /** The resources this pass has seen ready. Default: none. */
  ready?: (identity: Identity) => Ready | undefined;
  /** Throws if a resource that a step needs was ready in this pass and no longer exists. Default: never. */
  throwIfLost?: (step: Step, options: CallOptions) => Promise<void>;
  /** The kinds with a state that outlasted the early check in this run. Default: each step finds out for itself. */
  lasting?: Set<KindName>;
  /** Called once, before a step's first request that changes anything. Default: no limit. */
  takeTurn?: TakeTurn;
  /** Milliseconds to wait for the response to a request. */
  requestTimeoutMs: number;
  /** When to warn that the engine will stop a hook that still runs, and the warning. */
  scriptLimit?: { warnAfterMs: number; message: string } | undefined;
}

/** One step of a run. */
export interface StepRun {
  readonly step: Step;
  readonly context: RunContext;
  readonly emit: EmitOfStep;
}

export function worldOf({
  aws: { region, account, engine },
  clock,
  owner,
}: Pick<RunContext, 'aws' | 'clock' | 'owner'>): World {
  return { region, account, engine, now: clock.now(), owner };
}

/** `known`: see Reader. */
export function readerOf(context: RunContext, options: CallOptions, known: boolean): Reader {
  const { aws, shared, ready } = context;
  return { call: aws.call, options, known, world: worldOf(context), shared, ready };
}
