import type { Clock } from '../clock.ts';
import type { Aws } from '../engine/connect.ts';
import type { Identity, KindName } from '../identity.ts';
import type { Step } from '../plan.ts';
import type { Emit, EmitOfStep } from '../report/events.ts';
import type { Ready, World } from '../resources/kind.ts';
import type { Share } from '../resources/shared-answers.ts';
import type { TakeTurn } from './concurrency.ts';

/** What all steps of a run have in common. */
export interface RunContext {
  aws: Aws;
  emit: Emit;
  clock: Clock;
  signal?: AbortSignal | undefined;
  /** What the steps of one pass over all of them ask for together; left out, nothing. */
  shared?: Share;
  /** What this pass has seen ready; left out, nothing. */
  ready?: (identity: Identity) => Ready | undefined;
  /** The kinds of which this run has seen a state last about as long as it usually does; left out, every step finds out for itself. */
  lasting?: Set<KindName>;
  /** Asked once, before a step's first request that changes anything; left out, there is no limit. */
  takeTurn?: TakeTurn;
  /** Milliseconds until a request without an answer is given up. */
  requestTimeoutMs: number;
  /** When the engine ends a hook that is still running, and what to warn of before. */
  scriptLimit?: { warnAfterMs: number; message: string } | undefined;
}

/** One step of a run. */
export interface StepRun {
  readonly step: Step;
  readonly context: RunContext;
  readonly emit: EmitOfStep;
}

export function worldOf({ aws: { region, account, engine }, clock }: Pick<RunContext, 'aws' | 'clock'>): World {
  return { region, account, engine, now: clock.now() };
}
