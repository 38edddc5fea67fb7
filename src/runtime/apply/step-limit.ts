import type { Clock } from '../clock.ts';

const REQUEST_SHARE = 1 / 3;
const SHORTEST_REQUEST_MS = 1_000;

/** How long a step and each of its requests may take. All times are milliseconds. */
export interface Limit {
  /** Call on each response; the step's own limit counts from the first. */
  answered(): void;
  /** Leaves out time that other steps took. */
  leaveOut(ms: number): void;
  isOver(): boolean;
  left(): number;
  requestTimeoutMs(): number;
  /** `for 10.0 s (limit 10 s)` */
  text(): string;
}

/**
 * A step's limit counts from the engine's first response, because a cold service takes seconds to load.
 * Until then there is time for two requests, so that one that gets no response is retried.
 */
export function stepLimit(timeoutMs: number, requestTimeoutMs: number, clock: Clock): Limit {
  let startedAt = clock.now();
  let limitMs = 2 * requestTimeoutMs;
  let deadline = startedAt + limitMs;
  let isAnswered = false;
  const left = () => Math.max(0, deadline - clock.now());
  return {
    answered() {
      if (isAnswered) return;
      isAnswered = true;
      limitMs = timeoutMs;
      deadline = clock.now() + limitMs;
    },
    leaveOut(ms) {
      startedAt += ms;
      deadline += ms;
    },
    isOver: () => clock.now() >= deadline,
    left,
    requestTimeoutMs() {
      if (!isAnswered) return requestTimeoutMs;
      // A share of the step's limit, so that a request without a response leaves time for a retry.
      const share = Math.min(limitMs * REQUEST_SHARE, left());
      return Math.min(requestTimeoutMs, Math.max(SHORTEST_REQUEST_MS, share));
    },
    text: () => `for ${((clock.now() - startedAt) / 1000).toFixed(1)} s (limit ${limitMs / 1000} s)`,
  };
}
