import { engineName } from '../engine/detect.ts';
import { unsupportedEngine } from '../engine/localstack-versions.ts';
import { AbortedError, ExpectedError, InvalidInputError, PermanentError } from '../errors.ts';
import { type Identity, identityOf, keyOf } from '../identity.ts';
import { labelOf, type Step } from '../plan.ts';
import type { LeftOverResource, Outcome, StepEnd, Subject } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import type { Ready } from '../resources/kind.ts';
import { shareAnswers } from '../resources/shared-answers.ts';
import { NotAttempted, type TakeTurn, turns } from './concurrency.ts';
import { type RunContext, worldOf } from './context.ts';
import { converge } from './converge.ts';
import { LostError, throwIfLost } from './lost.ts';
import { readAhead } from './read-ahead.ts';

export interface Result {
  /** Whether every step succeeded. */
  ok: boolean;
  /** How each step ended. The other three fields have the same, by label. */
  steps: StepEnd[];
  outcomes: Record<string, Outcome>;
  failures: Record<string, Error>;
  notAttempted: string[];
  /** What the pipeline made and no longer declares, and what was not deleted of it; from applyPipeline. */
  leftOver?: LeftOverResource[];
}

/**
 * Runs each step as soon as the steps it needs are ready; independent steps run in parallel.
 * After a failure, no new step starts and running steps finish (a removal goes on if the engine cannot delete a resource).
 * If the engine was unreachable for a while, all steps run again at the end; if a ready resource disappears, they start over, once.
 * The result has expected failures; a bug is thrown once all steps have ended.
 */
export async function runSteps(
  pipeline: string,
  steps: readonly Step[],
  context: RunContext,
  details: { prunes?: true } = {},
): Promise<Result> {
  rejectUnsupported(steps, context);
  reportStart({ pipeline, ...details }, steps, context);
  const run = new Run(steps, context);
  const timer = context.scriptLimit && setTimeout(() => run.warnOfScriptLimit(), context.scriptLimit.warnAfterMs);
  do await run.pass();
  while (run.hasToPassAgain());
  clearTimeout(timer);
  return report(run.ends(), run.isOk(), context);
}

/** The state of a run. */
class Run {
  readonly #steps: readonly Step[];
  readonly #context: RunContext;
  readonly #takeTurn = turns();
  readonly #lasting = new Set<Step['kind']>();
  readonly #started = new Map<string, Promise<void>>();
  readonly #underWay = new Set<Step>();
  readonly #ready = new Map<string, Ready>();
  readonly #ends = new Map<string, StepEnd>();
  #lostContact = false;
  #pass = 0;
  /** The pass in which a ready resource disappeared. */
  #lostIn: number | undefined;

  constructor(steps: readonly Step[], context: RunContext) {
    this.#steps = steps;
    this.#context = context;
  }

  /** Runs every step once. */
  async pass(): Promise<void> {
    this.#pass += 1;
    this.#lostContact = false;
    this.#ready.clear();
    for (const [key, { outcome }] of this.#ends) if (!outcome) this.#ends.delete(key);
    const context = this.#contextOfPass();
    for (const step of this.#steps) this.#started.set(keyOf(step), this.#start(step, context));
    await Promise.all(this.#started.values());
  }

  /** An engine that was unreachable may have restarted and lost resources that were ready. */
  hasToPassAgain(): boolean {
    if (this.#hasLost()) return this.#context.signal?.aborted !== true;
    return this.#lostContact && this.isOk();
  }

  isOk(): boolean {
    return this.#ends.size === this.#steps.length && [...this.#ends.values()].every(({ outcome }) => outcome);
  }

  ends(): StepEnd[] {
    return [...this.#ends.values()];
  }

  warnOfScriptLimit(): void {
    const [step] = this.#underWay;
    const { scriptLimit, emit } = this.#context;
    if (step && scriptLimit) emit({ type: 'warning', ...subjectOf(step), message: scriptLimit.message });
  }

  #contextOfPass(): RunContext {
    return {
      ...this.#context,
      shared: (this.#pass === 1 && this.#context.shared) || shareAnswers(),
      ready: (identity) => this.#ready.get(keyOf(identity)),
      throwIfLost: ({ needs }, options) => throwIfLost(this.#readyOf(needs), this.#context, options),
      lasting: this.#lasting,
      takeTurn: this.#takeTurnUnlessFailed,
      emit: (event) => {
        this.#lostContact ||= event.type === 'retry' && event.lostContact === true;
        this.#context.emit(event);
      },
    };
  }

  async #start(step: Step, context: RunContext): Promise<void> {
    await null; // register every step before the first waits for those it needs
    const needs = step.needs.map((need) => this.#started.get(keyOf(need)));
    if (needs.length > 1) void Promise.race(needs).then(() => this.#readAhead(step, context));
    await Promise.all(needs);
    if (needs.length === 0) await this.#leaveHeadStart(step);
    if (this.#hasToEnd()) return this.#leave(step);
    this.#underWay.add(step);
    await this.#attempt(step, context);
    this.#underWay.delete(step);
  }

  /** Waits only if the run creates something that takes longer. */
  async #leaveHeadStart({ kind }: Step): Promise<void> {
    const { clock, signal } = this.#context;
    const others = this.#steps.filter((step) => step.kind !== kind && step.declared !== undefined && !step.existing);
    const ms = Math.max(0, ...others.map((step) => kindOf(step.kind).headStartMs ?? 0));
    if (ms > 0 && kindOf(kind).headStartMs === undefined) await clock.sleep(ms, signal).catch(() => undefined);
  }

  #readAhead(step: Step, { aws, shared, requestTimeoutMs, signal }: RunContext): void {
    if (this.#hasToEnd()) return;
    readAhead(step, { ...aws, shared, options: { timeoutMs: requestTimeoutMs, signal } });
  }

  async #attempt(step: Step, context: RunContext): Promise<void> {
    const { clock, emit } = this.#context;
    const startedAt = clock.now();
    emit({ type: 'step-started', ...subjectOf(step) });
    try {
      const { outcome, seen } = await converge(step, context);
      emit({ type: 'step-ready', ...subjectOf(step), outcome, tookMs: clock.now() - startedAt });
      this.#succeeded(step, outcome, seen);
    } catch (error) {
      if (error instanceof NotAttempted) return this.#leave(step);
      if (error instanceof LostError && this.#startsOver(step, error)) return this.#leave(step);
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#end(step, { failure });
      const stop = failure instanceof AbortedError && { problem: 'stopped', aborted: true as const };
      const tookMs = clock.now() - startedAt;
      emit({ type: 'step-failed', ...subjectOf(step), problem: failure.message, tookMs, ...stop });
    }
  }

  #succeeded(step: Step, outcome: Outcome, seen: unknown): void {
    const before = this.#ends.get(keyOf(step))?.outcome;
    // A later pass that changes nothing keeps the earlier outcome.
    this.#end(step, { outcome: before && DID_NOTHING.includes(outcome) ? before : outcome });
    // It was ready before it settled.
    const createdAt = this.#context.clock.now() - step.wait.settleMs;
    this.#ready.set(keyOf(step), { seen, ...(outcome === 'created' && { createdAt }) });
  }

  /** The declared resources among these that this pass has seen ready. */
  #readyOf(needs: readonly Identity[]): Step[] {
    const keys = needs.map(keyOf).filter((key) => this.#ready.has(key));
    return this.#steps.filter((step) => step.declared !== undefined && keys.includes(keyOf(step)));
  }

  /** Whether this error makes the run start over: only the first pass that has one does. */
  #startsOver(step: Step, { lost }: LostError): boolean {
    if (this.#lostIn === undefined)
      this.#context.emit({
        type: 'warning',
        ...subjectOf(step),
        message: `${lost} was ready and no longer exists, as after a restart of the engine: starting over`,
      });
    this.#lostIn ??= this.#pass;
    return this.#hasLost();
  }

  #hasLost(): boolean {
    return this.#lostIn === this.#pass;
  }

  #leave(step: Step): void {
    this.#end(step, {});
  }

  #end(step: Step, end: Pick<StepEnd, 'outcome' | 'failure'>): void {
    // Re-insert, to keep the steps in the order of their ends.
    this.#ends.delete(keyOf(step));
    this.#ends.set(keyOf(step), { ...subjectOf(step), ...end });
  }

  #hasToEnd(): boolean {
    return (
      this.#context.signal?.aborted === true ||
      this.#hasLost() ||
      [...this.#ends.values()].some((end) => this.#endsRun(end))
    );
  }

  /** A resource that the engine cannot delete does not keep the others from being deleted. */
  #endsRun({ failure }: StepEnd): boolean {
    const isRemoval = this.#steps.every(({ declared }) => declared === undefined);
    return failure !== undefined && !(isRemoval && failure instanceof PermanentError);
  }

  #takeTurnUnlessFailed: TakeTurn = async (...turn) => {
    const end = await this.#takeTurn(...turn);
    if (!this.#hasToEnd()) return end;
    end();
    throw new NotAttempted();
  };
}

const DID_NOTHING: readonly Outcome[] = ['unchanged', 'existing', 'absent'];

/** Rejects anything known to fail on this engine before creating resources. */
function rejectUnsupported(steps: readonly Step[], context: RunContext): void {
  const world = worldOf(context);
  const declared = steps.filter((step) => step.declared !== undefined);
  const problems = declared.flatMap((step) => kindOf(step.kind).unsupported?.(step.ref, step.declared, world) ?? []);
  const oldEngine = declared.length > 0 ? unsupportedEngine(world.engine) : undefined;
  if (oldEngine) problems.unshift(oldEngine);
  if (problems.length > 0) throw new InvalidInputError(problems.join('\n'));
}

function reportStart(
  run: { pipeline: string; prunes?: true },
  steps: readonly Step[],
  { aws, emit }: RunContext,
): void {
  emit({
    type: 'start',
    ...run,
    engine: engineName(aws.engine),
    endpoint: aws.endpoint,
    steps: steps.map((step) => ({ id: step.label, ...identityOf(step), needs: step.needs.map(labelOf) })),
  });
  for (const step of steps) {
    if (step.declared === undefined) continue;
    for (const message of kindOf(step.kind).warnings?.(step.declared, aws.engine) ?? [])
      emit({ type: 'warning', ...subjectOf(step), message });
  }
}

function report(steps: StepEnd[], ok: boolean, { emit }: RunContext): Result {
  const ready = steps.flatMap(({ step, outcome }) => (outcome ? [[step, outcome] as const] : []));
  const failed = steps.flatMap(({ step, failure }) => (failure ? [[step, failure] as const] : []));
  const notAttempted = steps.filter(({ outcome, failure }) => !outcome && !failure).map(({ step }) => step);
  const outcomes = Object.fromEntries(ready);
  emit({
    type: 'end',
    ready: Object.keys(outcomes),
    failed: failed.map(([step]) => step),
    notAttempted,
    outcomes,
  });
  const bug = failed.find(([, failure]) => !(failure instanceof ExpectedError));
  if (bug) throw bug[1];
  return { ok, steps, outcomes, failures: Object.fromEntries(failed), notAttempted };
}

function subjectOf({ label, ...step }: Step): Subject {
  return { step: label, ...identityOf(step) };
}
