import { ExpectedError } from '../errors.ts';
import type { Step } from '../plan.ts';
import { kindOf } from '../resources/index.ts';
import { type RunContext, worldOf } from './context.ts';
import { capital } from './step-errors.ts';

/** A resource that was ready earlier in this run no longer exists: the engine restarted empty, or something deleted it. */
export class LostError extends ExpectedError {
  override name = 'LostError';
  readonly lost: string;

  constructor({ label }: Step) {
    super(
      `${capital(label)} was ready, but disappeared again after this run had started over: check in the engine's log whether it keeps restarting, and that nothing else deletes it; then run this again.`,
    );
    this.lost = label;
  }
}

/** Throws LostError if one of these ready steps lost its resource. Proves nothing while the engine does not answer. */
export async function throwIfLost(ready: readonly Step[], context: RunContext, options: object): Promise<void> {
  // Without the shared answers of the pass, which are older.
  const reader = { call: context.aws.call, options, known: false, world: worldOf(context) };
  for (const step of ready) {
    const seen = await kindOf(step.kind)
      .observe(step.ref, reader, step.declared)
      .catch(() => 'unknown');
    if (seen === undefined) throw new LostError(step);
  }
}
