import type { Clock } from '../clock.ts';

/** How often a step checks: near the end of a state's usual duration if its kind knows that, else less and less often. */
export class Pace {
  readonly #clock: Clock;
  readonly #intervalMs: number | undefined;
  #checks = 0;
  #state = '';
  #stateSince: number;
  #causedAt: number | undefined;

  constructor(clock: Clock, intervalMs?: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#stateSince = clock.now();
  }

  /**
   * A request sent at this time was accepted: the state that it causes counts from then, unless an earlier one has caused it.
   * The engine began it a little later, but the request that checks it is under way as long.
   */
  caused(sentAt: number): void {
    this.#causedAt ??= sentAt;
  }

  /** Whether the state has changed. */
  sees(state: string): boolean {
    if (state === this.#state) return false;
    this.#state = state;
    this.#stateSince = this.#causedAt ?? this.#clock.now();
    this.#causedAt = undefined;
    return true;
  }

  /** Whether the state has outlasted the early check. */
  isLasting(): boolean {
    return this.#clock.now() - this.#stateSince >= EARLY_CHECK_MS;
  }

  /** Milliseconds until the next check. `lastsMs`: how long the state usually lasts. */
  nextPauseMs(lastsMs?: number): number {
    const ms = lastsMs
      ? pauseWithin(lastsMs + MARGIN_MS, this.#clock.now() - this.#stateSince)
      : growingPause(this.#checks++);
    return this.#intervalMs ?? ms;
  }
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 250];
const [EARLY_CHECK_MS, SHORTEST_PAUSE_MS] = [100, 20];
/** Two requests of one kind take slightly different times. Measured: 500 ms after CreateStream was sent, 2 of 14 streams were ACTIVE; after 505 ms, 14 of 14. */
const MARGIN_MS = 5;

/** Whether checking before `lastsMs`, a state's usual duration, is pointless; `isLasting`: one has outlasted the early check in this run. */
export function isTooSoon(lastsMs: number, isLasting: boolean): boolean {
  return isLasting || lastsMs < EARLY_CHECK_MS;
}

/** Milliseconds until the next check of a state of unknown duration, after so many checks. */
export function growingPause(checks: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.5 ** checks);
}

/**
 * Milliseconds until the next check of a state that usually lasts `lastsMs` and began `elapsedMs` ago: one early check in case this
 * engine is faster, one when the state should be over, then soon after, and less and less often.
 */
export function pauseWithin(lastsMs: number, elapsedMs: number): number {
  const nextCheckMs =
    [Math.min(EARLY_CHECK_MS, lastsMs), lastsMs].find((at) => elapsedMs < at) ?? 2 * elapsedMs - lastsMs;
  return Math.min(
    Math.max(nextCheckMs - elapsedMs, SHORTEST_PAUSE_MS),
    Math.max(LONGEST_PAUSE_MS, lastsMs - elapsedMs),
  );
}
