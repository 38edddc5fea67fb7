import { backoffMs, classify, describe, isUnanswered, type SdkError } from '../engine/request-errors.ts';
import type { ExpectedError } from '../errors.ts';
import { kindOf } from '../resources/index.ts';
import type { WaitDecision } from '../resources/kind.ts';
import type { StepRun } from './context.ts';
import { LastSeen } from './last-seen.ts';
import { Pace } from './polling.ts';
import { permanent, rejected, runEnded, timedOut } from './step-errors.ts';
import { type Limit, stepLimit } from './step-limit.ts';

const NOT_FOUND = ['ResourceNotFoundException', 'NoSuchBucket'];

/** How long a step keeps trying: its limit, pauses, attempts, and the error at the end. */
export class Patience {
  readonly limit: Limit;
  readonly pace: Pace;
  readonly lastSeen = new LastSeen();
  /** How often the current request has failed. */
  attempts = 0;
  readonly #run: StepRun;

  constructor(run: StepRun) {
    const { step, context } = run;
    this.#run = run;
    this.limit = stepLimit(step.wait.timeoutMs, context.requestTimeoutMs, context.clock);
    this.pace = new Pace(context.clock, step.wait.intervalMs);
  }

  requestOptions() {
    return { timeoutMs: this.limit.requestTimeoutMs(), signal: this.#run.context.signal };
  }

  /** Pauses before the next check of a state that changes by itself. */
  async waitFor({ until, seen, advice, lastsMs }: WaitDecision): Promise<void> {
    this.lastSeen.waits(until, seen);
    if (this.limit.isOver()) throw this.timedOut(`waited ${until}`, advice);
    if (this.pace.sees(`${until} ${seen}`)) this.#run.emit({ type: 'waiting', until, seen });
    if (lastsMs && this.pace.isLasting()) this.#run.context.lasting?.add(this.#run.step.kind);
    await this.pauseUntilNextCheck(lastsMs);
  }

  /** Pauses after a failed request, or throws if retrying cannot help or the time is up. `doing` names the request. */
  async retry(doing: string, error: SdkError, purpose: 'read' | 'change'): Promise<void> {
    const { signal } = this.#run.context;
    if (signal?.aborted) throw runEnded(this.#run.step, signal, this.lastSeen.text);
    const failure = this.#failureOf(error, purpose);
    if (failure === 'bug') throw error;
    if (this.#isNotFound(error)) await this.#run.context.throwIfLost?.(this.#run.step, this.requestOptions());
    if (purpose === 'change' && this.attempts === 0) await this.#rejectPermanent(doing, error);
    const late = this.limit.isOver();
    const isCutShort = late && this.lastSeen.outweighs(error);
    if (!isCutShort) this.lastSeen.failed(doing, error);
    if (failure === 'rejected') throw rejected(this.#run.step, doing, error);
    if (late)
      throw this.timedOut(
        failure === 'race' && !isCutShort ? `tried ${doing}` : this.lastSeen.lastActivity(this.attempts + 1),
      );
    if (failure === 'race') return this.pauseUntilNextCheck();
    await this.#backOff(doing, error);
  }

  async pauseUntilNextCheck(lastsMs?: number): Promise<void> {
    await this.pause(Math.min(this.pace.nextPauseMs(lastsMs), this.limit.left()));
  }

  async pause(ms: number): Promise<void> {
    const { clock, signal } = this.#run.context;
    await clock.sleep(ms, signal).catch((error) => {
      throw signal?.aborted ? runEnded(this.#run.step, signal, this.lastSeen.text) : error;
    });
  }

  timedOut(what: string, advice = this.lastSeen.advice(this.#run.context.aws.endpoint)): ExpectedError {
    return timedOut(this.#run.step, { what, limit: this.limit.text(), lastSeen: this.lastSeen.text, advice });
  }

  #isNotFound(error: SdkError): boolean {
    return NOT_FOUND.includes(error.name) || kindOf(this.#run.step.kind).isPropagation?.(error) === true;
  }

  /** A resource that the request needs may be ready, but not visible everywhere yet. */
  #failureOf(error: SdkError, purpose: 'read' | 'change') {
    const isPropagation = purpose === 'change' && kindOf(this.#run.step.kind).isPropagation?.(error);
    return isPropagation ? 'transient' : classify(error);
  }

  async #rejectPermanent(doing: string, error: SdkError): Promise<void> {
    const why = await kindOf(this.#run.step.kind).permanent?.(error, this.#run.step.ref, this.#run.context.aws);
    if (why) throw permanent(this.#run.step, doing, error, why);
  }

  async #backOff(doing: string, error: SdkError): Promise<void> {
    this.attempts += 1;
    const inMs = Math.min(backoffMs(this.attempts), this.limit.left());
    const lost = isUnanswered(error) && { lostContact: true as const };
    this.#run.emit({
      type: 'retry',
      operation: doing,
      error: describe(error),
      attempt: this.attempts,
      inMs,
      ...lost,
    });
    await this.pause(inMs);
  }
}
