import { refuseEngine, warningsFor } from '../engine/advise.ts';
import { engineName } from '../engine/detect.ts';
import { AbortedError, ExpectedError, InvalidInputError } from '../errors.ts';
import type { Step } from '../plan.ts';
import type { Outcome } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import type { Ready } from '../resources/kind.ts';
import { shareAnswers } from '../resources/shared-answers.ts';
import { converge, type Run } from './converge.ts';
import { NotAttempted, type TakeTurn, turns } from './turns.ts';

const DID_NOTHING: readonly Outcome[] = ['unchanged', 'existing', 'absent'];

export interface Result {
  /** Whether every step got to where it should be. */
  ok: boolean;
  outcomes: Record<string, Outcome>;
  failures: Record<string, Error>;
  notAttempted: string[];
}

/**
 * Runs steps, each as soon as all it needs has been seen ready; steps that need nothing of each other run side by side.
 * After a failure nothing new starts, and what runs ends. When the engine has not answered for a time, all steps are looked at
 * once more at the end. Expected failures are in the result; a bug is thrown, when all has ended.
 */
export async function runSteps(pipeline: string, steps: readonly Step[], run: Run): Promise<Result> {
  const { aws, emit, clock, signal } = run;
  refuse(steps, run);
  emit({
    type: 'start',
    pipeline,
    engine: engineName(aws.engine),
    endpoint: aws.endpoint,
    steps: steps.map(({ id, needs }) => ({ id, needs })),
  });
  for (const warning of warningsFor(aws.engine, steps)) emit({ type: 'warning', ...warning });
  const result: Result = { ok: false, outcomes: {}, failures: {}, notAttempted: [] };
  const started = new Map<string, Promise<void>>();
  const underWay = new Set<string>();
  const ready = new Map<string, Ready>();
  const timer = run.scriptLimit && setTimeout(warnOfLimit, run.scriptLimit.warnAfterMs);
  let lostContact = false;
  const watched: Run = {
    ...run,
    emit: (event) => {
      lostContact ||= event.type === 'retry' && event.lostContact === true;
      emit(event);
    },
    takeTurn: takeTurnUnlessFailed(turns()),
    ready,
    lasting: new Set(),
  };
  await pass();
  // An engine that was away may have been started anew, without what had been seen ready: look at everything again.
  while (lostContact && isOk()) {
    lostContact = false;
    await pass();
  }
  clearTimeout(timer);

  const failed = Object.keys(result.failures);
  result.ok = isOk();
  emit({
    type: 'end',
    ready: Object.keys(result.outcomes),
    failed,
    notAttempted: result.notAttempted,
    outcomes: result.outcomes,
  });
  const bug = Object.values(result.failures).find((error) => !(error instanceof ExpectedError));
  if (bug) throw bug;
  return result;

  async function pass(): Promise<void> {
    watched.shared = shareAnswers();
    ready.clear();
    for (const step of steps) started.set(step.id, start(step));
    await Promise.all(started.values());
  }

  function isOk(): boolean {
    return Object.keys(result.failures).length === 0 && result.notAttempted.length === 0;
  }

  async function start(step: Step): Promise<void> {
    await null; // every step is registered before the first looks for what it needs
    await Promise.all(step.needs.map((id) => started.get(id)));
    await attempt(step);
  }

  async function attempt(step: Step): Promise<void> {
    if (hasToEnd()) return leave(step);
    const startedAt = clock.now();
    emit({ type: 'step-started', step: step.id });
    underWay.add(step.id);
    try {
      const { outcome, seen } = await converge(step, watched);
      const before = result.outcomes[step.id];
      // What an earlier pass did is what the run has done.
      result.outcomes[step.id] = before && DID_NOTHING.includes(outcome) ? before : outcome;
      emit({ type: 'step-ready', step: step.id, outcome, tookMs: clock.now() - startedAt });
      // It was seen ready before it settled.
      ready.set(step.id, { seen, ...(outcome === 'created' && { createdAt: clock.now() - step.wait.settleMs }) });
    } catch (error) {
      underWay.delete(step.id);
      if (error instanceof NotAttempted) return leave(step);
      const failure = error instanceof Error ? error : new Error(String(error));
      result.failures[step.id] = failure;
      delete result.outcomes[step.id];
      const problem = failure instanceof AbortedError ? 'stopped' : failure.message;
      emit({ type: 'step-failed', step: step.id, problem, tookMs: clock.now() - startedAt });
    }
    underWay.delete(step.id);
  }

  function hasToEnd(): boolean {
    return Object.keys(result.failures).length > 0 || signal?.aborted === true;
  }

  function leave(step: Step): void {
    delete result.outcomes[step.id];
    result.notAttempted.push(step.id);
  }

  function takeTurnUnlessFailed(takeTurn: TakeTurn): TakeTurn {
    return async (...asked) => {
      const end = await takeTurn(...asked);
      if (!hasToEnd()) return end;
      end();
      throw new NotAttempted();
    };
  }

  function warnOfLimit(): void {
    const [step] = underWay;
    if (step && run.scriptLimit) emit({ type: 'warning', step, message: run.scriptLimit.message });
  }
}

/** Everything that can be known to fail on this engine is said before anything is created. */
function refuse(steps: readonly Step[], { aws, clock }: Run): void {
  const world = { region: aws.region, account: aws.account, engine: aws.engine, now: clock.now() };
  const problems = steps.flatMap(({ kind, ref, declared }) =>
    declared === undefined ? [] : (kindOf(kind).refuse?.(ref, declared, world) ?? []),
  );
  const oldEngine = steps.some(({ declared }) => declared !== undefined) ? refuseEngine(aws.engine) : undefined;
  if (oldEngine) problems.unshift(oldEngine);
  if (problems.length > 0) throw new InvalidInputError(problems.join('\n'));
}
