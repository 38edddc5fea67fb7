import type { Clock } from '../clock.ts';
import type { Aws } from '../engine/connect.ts';
import type { Input, Operation } from '../engine/operations.ts';
import { ExpectedError, TimeoutError } from '../errors.ts';
import type { Step } from '../plan.ts';
import type { Emit, Outcome } from '../report/events.ts';
import { type KindName, kindOf } from '../resources/index.ts';
import type { Decision, Made, Reader, Ready, World } from '../resources/kind.ts';
import type { Share } from '../resources/shared-answers.ts';
import { growingPause, isLasting, isTooSoon, pauseWithin } from './pause.ts';
import { adviceFor, backoffMs, classify, describe, isUnanswered, type SdkError } from './request-errors.ts';
import { stepLimit } from './step-limit.ts';
import { stopped } from './stopped.ts';
import type { TakeTurn } from './turns.ts';

export interface Run {
  aws: Aws;
  emit: Emit;
  clock: Clock;
  signal?: AbortSignal | undefined;
  /** What the steps of one pass over all of them ask for together; left out, nothing. */
  shared?: Share;
  /** What this pass has seen ready, by step; left out, nothing. */
  ready?: ReadonlyMap<string, Ready>;
  /** The kinds of which this run has seen a state last about as long as it usually does; left out, every step finds out for itself. */
  lasting?: Set<KindName>;
  /** Asked once, before a step's first request that changes anything; left out, there is no limit. */
  takeTurn?: TakeTurn;
  /** Milliseconds until a request without an answer is given up. */
  requestTimeoutMs: number;
  /** When the engine ends a hook that is still running, and what to say before. */
  scriptLimit?: { warnAfterMs: number; message: string } | undefined;
}

const OUTCOMES = { create: 'created', update: 'updated', delete: 'removed' } as const;

/**
 * Brings one resource to what is declared: look, decide, send or wait, and again until there is nothing left to do.
 * Creating, updating in several steps, waiting, removing and mending what an earlier run left are all this loop.
 * What a request did is seen by looking again; requests and answers are kept for kinds of which no look can tell.
 */
export async function converge(step: Step, run: Run): Promise<{ outcome: Outcome; seen: unknown }> {
  const { emit, clock, signal, aws, requestTimeoutMs, shared, ready } = run;
  const kind = kindOf(step.kind);
  let outcome: Outcome = step.declared === undefined ? 'absent' : step.existing ? 'existing' : 'unchanged';
  const limit = stepLimit(step.wait.timeoutMs, requestTimeoutMs, clock);
  let known = false;
  let seen: unknown;
  const made: Made[] = [];
  let answeredAt: number | undefined;
  let endTurn: (() => void) | undefined;
  let looks = 0;
  let attempts = 0;
  let last = 'no answer of the engine yet';
  let lastWaiting = '';
  let waitingSince = clock.now();
  let lastError: SdkError | undefined;
  let lastRequest = '';
  let lastTried = '';
  // What a time-out says where no error tells why.
  let unmet = '';

  try {
    await untilNothingIsLeft();
  } finally {
    endTurn?.();
  }
  const changed = outcome !== 'unchanged' && outcome !== 'existing' && outcome !== 'absent' && outcome !== 'removed';
  if (step.wait.settleMs > 0 && changed) {
    emit({ type: 'settling', step: step.id, ms: step.wait.settleMs });
    await pause(step.wait.settleMs);
  }
  return { outcome, seen };

  async function untilNothingIsLeft(): Promise<void> {
    for (;;) {
      const { decision, error: unread } = await lookAndDecide();
      if (unread) await retry(unread.operation ?? 'reading it', unread, 'look');
      else if (decision.do === 'nothing') return;
      else if (decision.do === 'fail') throw new ExpectedError(decision.problem);
      else if (decision.do === 'wait') await waitFor(decision);
      else await send(decision);
    }
  }

  async function lookAndDecide(): Promise<
    { decision: Decision; error?: never } | { decision?: never; error: SdkError }
  > {
    const world: World = { region: aws.region, account: aws.account, engine: aws.engine, now: clock.now() };
    const call: Aws['call'] = (operation, input, options) =>
      aws.call(operation, input, options).catch((error) => {
        throw Object.assign(error, { operation });
      });
    const reader: Reader = { call, options: requestOptions(), known, world, made, shared, ready };
    try {
      seen = await kind.observe(step.ref, reader, step.declared);
      known ||= seen !== undefined;
      limit.answered();
      return { decision: kind.decide(step.ref, step.declared, seen, world) };
    } catch (error) {
      return { error: error as SdkError };
    }
  }

  async function waitFor({ until, seen, advice, lastsMs }: Extract<Decision, { do: 'wait' }>) {
    last = seen;
    lastError = undefined;
    unmet = `waited ${until}`;
    if (limit.isOver()) throw timedOut(unmet, advice);
    const waiting = `${until} ${seen}`;
    if (waiting !== lastWaiting) {
      emit({ type: 'waiting', step: step.id, until, seen });
      lastWaiting = waiting;
      // A state that a request brought about began no later than its answer.
      waitingSince = answeredAt ?? clock.now();
      answeredAt = undefined;
    }
    if (lastsMs && isLasting(clock.now() - waitingSince)) run.lasting?.add(step.kind);
    await pause(nextPause(lastsMs));
  }

  async function send({ request, effect, why, warning, seen, lastsMs }: Extract<Decision, { do: 'send' }>) {
    const { operation } = request;
    endTurn ??= await takeTurn();
    const sameAgain = lastRequest === operation + why;
    lastRequest = operation + why;
    if (sameAgain && limit.isOver()) {
      last = (await kind.explain?.(operation, step.ref, aws)) ?? seen ?? last;
      if (attempts > 0) throw timedOut(`tried ${operation} ${attempts} times`);
      throw timedOut(seen ? `sent ${operation} again and again` : unmet);
    }
    if (!sameAgain) {
      if (warning) emit({ type: 'warning', step: step.id, message: warning });
      emit({ type: 'request', step: step.id, operation, why });
    }
    known = true;
    try {
      const answer = await aws.call(operation, request.input as Input<Operation>, requestOptions());
      made.push({ ...request, answer } as Made);
      answeredAt = clock.now();
      if (outcome !== 'created') outcome = OUTCOMES[effect];
      last = `${operation} was answered, and yet nothing changed`;
      lastError = undefined;
      unmet = `sent ${operation}, which had no effect`;
      if (sameAgain) await pause(nextPause());
      else attempts = 0;
      if (lastsMs && isTooSoon(lastsMs, run.lasting?.has(step.kind) ?? false)) await pause(lastsMs);
    } catch (error) {
      await retry(operation, error as SdkError, 'act');
    }
  }

  /** What others take to be ready does not count towards this step's limit. */
  async function takeTurn(): Promise<() => void> {
    const askedAt = clock.now();
    const onWait = (others: number) =>
      emit({ type: 'waiting', step: step.id, until: 'for its turn', seen: `${others} others before it` });
    const end = await run.takeTurn?.(step.kind, onWait);
    limit.leaveOut(clock.now() - askedAt);
    return end ?? (() => undefined);
  }

  /** Pauses before the next look, or throws when another look cannot help or the time is up. */
  async function retry(doing: string, error: SdkError, purpose: 'look' | 'act') {
    if (signal?.aborted) throw stopped(step.id, signal, last);
    const passing = purpose === 'act' && kind.isPropagation?.(error);
    const failure = passing ? 'transient' : classify(error);
    if (failure === 'bug') throw error;
    if (purpose === 'act' && attempts === 0) await refuseHopeless(doing, error);
    const late = limit.isOver();
    // A last request that the limit cut short does not tell why it did not get there: what was met before does.
    const cutShort = late && isUnanswered(error) && (lastError !== undefined || unmet !== '');
    if (!cutShort) {
      last = `${doing}: ${describe(error)}`;
      lastError = error;
      lastTried = doing;
    }
    if (failure === 'refused') throw refused(doing, error);
    if (cutShort && !lastError) throw timedOut(unmet);
    if (late) throw timedOut(failure === 'race' ? `tried ${doing}` : `tried ${lastTried} ${attempts + 1} times`);
    if (failure === 'race') return pause(nextPause());
    attempts += 1;
    const inMs = Math.min(backoffMs(attempts), limit.left());
    const lost = isUnanswered(error) && { lostContact: true as const };
    emit({ type: 'retry', step: step.id, operation: doing, error: describe(error), attempt: attempts, inMs, ...lost });
    await pause(inMs);
  }

  /** Ends a step whose request no other attempt can change. */
  async function refuseHopeless(doing: string, error: SdkError) {
    const why = await kind.hopeless?.(error, step.ref, aws);
    if (why)
      throw new ExpectedError(
        `${capital(step.id)} failed: the engine answered ${doing} with ${describe(error)}, and trying again cannot help: ${why}.`,
        { cause: error },
      );
  }

  function nextPause(lastsMs?: number): number {
    const pauseMs = lastsMs ? pauseWithin(lastsMs, clock.now() - waitingSince) : growingPause(looks++);
    return Math.min(step.wait.intervalMs ?? pauseMs, limit.left());
  }

  function requestOptions() {
    return { timeoutMs: limit.requestTimeoutMs(), signal };
  }

  async function pause(ms: number) {
    await clock.sleep(ms, signal).catch((error) => {
      throw signal?.aborted ? stopped(step.id, signal, last) : error;
    });
  }

  function timedOut(what: string, advice?: string): TimeoutError {
    const goal = step.declared === undefined ? 'removed' : 'ready';
    return new TimeoutError(
      `${capital(step.id)} was not ${goal} in time: ${what} ${limit.told()}; last seen: ${last}. ${advice ?? (lastError ? adviceFor(lastError, run.aws.endpoint) : "Raise its wait.timeoutMs in the definition, or see the engine's log for why it does not get there.")}`,
    );
  }

  function refused(doing: string, error: SdkError): ExpectedError {
    return new ExpectedError(
      `${capital(step.id)} failed: the engine answered ${doing} with ${describe(error)}. Change the definition accordingly, or see the engine's log.`,
      { cause: error },
    );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
