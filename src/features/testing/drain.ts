import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { CallOptions } from '../../runtime/engine/connect.ts';
import { classify, describe, type SdkError } from '../../runtime/engine/request-errors.ts';
import { AbortedError, ExpectedError, TimeoutError, UnreachableError } from '../../runtime/errors.ts';
import { Fences, NotPut } from './fences.ts';
import { explain } from './hops.ts';
import { type DrainOptions, readersOf, rejectSilent, type Target, TIMEOUT_MS } from './target.ts';

/** The pause between two reads of the acknowledgements grows between these, in milliseconds. */
const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 50;
/** After how many milliseconds fences are put again, at first; each time twice as many, up to the last. */
const FIRST_AGAIN_MS = 300;
const LAST_AGAIN_MS = 8_000;
/** How long an engine may not answer. */
const UNREACHABLE_MS = 3_000;

/**
 * Resolves when each record that was put on the pipeline's streams before the call has been handled by each mapping of its stream, or
 * given up. notes/drain.md has the proof.
 */
export async function drain(target: Target, options: DrainOptions = {}): Promise<void> {
  rejectSilent(target, 'use reset({ discard: true }), or wait for what the functions write');
  if (readersOf(target.pipeline).length > 0) await new Draining(target, options, false).run();
}

/** Waits for fences until a time limit. */
export class Draining {
  readonly #target: Target;
  readonly #fences: Fences;
  readonly #options: CallOptions;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #timeoutMs: number;
  #unansweredSince: number | undefined;
  #lastError: Error | undefined;

  constructor(target: Target, { timeoutMs = TIMEOUT_MS, signal }: DrainOptions, discard: boolean, clock = systemClock) {
    this.#target = target;
    this.#fences = new Fences(target, discard);
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#timeoutMs = timeoutMs;
    this.#options = { signal, timeoutMs: Math.min(timeoutMs + 1_000, 30_000) };
  }

  /** `onSlow` is called once, after `slowMs`, with the functions that still wait. */
  async run(slowMs = Number.POSITIVE_INFINITY, onSlow?: (fences: Fences) => Promise<void>): Promise<void> {
    let slow = onSlow;
    await this.#try(() => this.#fences.start(this.#options));
    let pauseMs = FIRST_PAUSE_MS;
    let againMs = FIRST_AGAIN_MS;
    let againAt = this.#clock.now() + againMs;
    for (;;) {
      await this.#try(() => this.#fences.read(this.#options));
      if (this.#fences.all > 0 && this.#fences.pending.length === 0) break;
      if (this.#elapsedMs() >= this.#timeoutMs) throw await this.#timedOut();
      if (slow && this.#elapsedMs() >= slowMs) {
        await slow(this.#fences);
        slow = undefined;
      } else if (this.#clock.now() >= againAt) {
        await this.#try(() =>
          this.#fences.all > 0 ? this.#fences.again(this.#options) : this.#fences.start(this.#options),
        );
        againMs = Math.min(againMs * 2, LAST_AGAIN_MS);
        againAt = this.#clock.now() + againMs;
      }
      await this.#sleep(Math.min(pauseMs, Math.max(1, this.#timeoutMs - this.#elapsedMs())));
      pauseMs = Math.min(pauseMs * 1.5, LAST_PAUSE_MS);
    }
    await this.#try(() => this.#fences.cleanUp(this.#options));
  }

  #elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#options;
    await this.#clock.sleep(ms, signal).catch((error) => {
      throw signal?.aborted ? stopped(this.#target) : error;
    });
  }

  /** Passes over an engine that fails for a moment. */
  async #try(send: () => Promise<void>): Promise<void> {
    try {
      if (this.#options.signal?.aborted) throw stopped(this.#target);
      await send();
      this.#unansweredSince = undefined;
    } catch (error) {
      if (this.#options.signal?.aborted) throw stopped(this.#target);
      this.#lastError = error as Error;
      if (error instanceof NotPut) return;
      if (error instanceof ExpectedError || !(error instanceof Error)) throw error;
      const kind = classify(error as SdkError);
      if (kind === 'bug') throw error;
      if (kind !== 'transient') throw failed(error, this.#target);
      this.#unansweredSince ??= this.#clock.now();
      if (this.#clock.now() - this.#unansweredSince >= UNREACHABLE_MS) throw unreachable(error, this.#target);
    }
  }

  async #timedOut(): Promise<TimeoutError> {
    const { all, pending } = this.#fences;
    const why =
      all === 0
        ? (this.#lastError?.message ?? 'no fence could be put')
        : await explain(pending, this.#target, this.#startedAt);
    const rest = all > 0 ? ` ${all - pending.length} of ${all} fences are back.` : '';
    return new TimeoutError(
      `The pipeline ${this.#target.name} was not drained within ${this.#timeoutMs / 1000} s: ${why}.${rest}`,
    );
  }
}

function stopped({ name }: Target): AbortedError {
  return new AbortedError(`Stopped while waiting until the pipeline ${name} has handled its records.`);
}

function failed(error: SdkError, { name, aws }: Target): ExpectedError {
  return new ExpectedError(
    `The pipeline ${name} could not be drained at ${aws.endpoint}: ${describe(error)}. Apply the pipeline first, or check the engine's log.`,
    { cause: error },
  );
}

function unreachable(error: SdkError, { name, aws, log }: Target): UnreachableError {
  return new UnreachableError(
    `The engine at ${aws.endpoint} stopped answering while the pipeline ${name} was being drained (${describe(error)}): check its log${log ? ` (${log})` : ''}, then start it again.`,
    { cause: error },
  );
}
