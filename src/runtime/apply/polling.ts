import type { Clock } from '../clock.ts';

/** How often a step looks: sooner where its kind knows how long the state usually lasts, else less and less often. */
export class Pace {
  readonly #clock: Clock;
  readonly #intervalMs: number | undefined;
  #looks = 0;
  #state = '';
  #stateSince: number;
  #answeredAt: number | undefined;

  constructor(clock: Clock, intervalMs?: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#stateSince = clock.now();
  }

  /** A request was answered: a state that it brings about began no later. */
  answered(): void {
    this.#answeredAt = this.#clock.now();
  }

  /** Whether this state is another one than before. */
  sees(state: string): boolean {
    if (state === this.#state) return false;
    this.#state = state;
    this.#stateSince = this.#answeredAt ?? this.#clock.now();
    this.#answeredAt = undefined;
    return true;
  }

  /** Whether the state has lasted about as long as it usually does. */
  hasLasted(): boolean {
    return isLasting(this.#clock.now() - this.#stateSince);
  }

  /** Milliseconds until the next look. `lastsMs`: how long the state usually is. */
  nextPauseMs(lastsMs?: number): number {
    const ms = lastsMs ? pauseWithin(lastsMs, this.#clock.now() - this.#stateSince) : growingPause(this.#looks++);
    return this.#intervalMs ?? ms;
  }
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 250];
const [EARLY_LOOK_MS, SHORTEST_PAUSE_MS] = [100, 20];

/** Whether a state that usually lasts `lastsMs` is worth no look before; `isUsual`: this run has seen one last beyond the early look. */
export function isTooSoon(lastsMs: number, isUsual: boolean): boolean {
  return isUsual || lastsMs < EARLY_LOOK_MS;
}

/** Whether a state that was seen for so long has outlasted the early look. */
export function isLasting(elapsedMs: number): boolean {
  return elapsedMs >= EARLY_LOOK_MS;
}

/** Milliseconds until the next look at what may take any time, after so many looks. */
export function growingPause(looks: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.5 ** looks);
}

/**
 * Milliseconds until the next look at a state that usually lasts `lastsMs` and was first seen so long ago: one early look, in case this
 * engine is set to be faster, one when it should be over, then soon, and ever less often the later it gets.
 */
export function pauseWithin(lastsMs: number, elapsedMs: number): number {
  const nextLookMs =
    [Math.min(EARLY_LOOK_MS, lastsMs), lastsMs].find((at) => elapsedMs < at) ?? 2 * elapsedMs - lastsMs;
  return Math.min(Math.max(nextLookMs - elapsedMs, SHORTEST_PAUSE_MS), Math.max(LONGEST_PAUSE_MS, lastsMs - elapsedMs));
}
