import { setMaxListeners } from 'node:events';
import type { Engine } from '../engine/engine.ts';
import { PRODUCTS } from '../engine/products.ts';
import { InvalidInputError, TimeoutError } from '../errors.ts';

/** How long one request and a whole run may take. */
export interface Limits {
  /**
   * Milliseconds until a request without an answer is given up, and made again while the step's own limit allows.
   * Default 30 000: a cold LocalStack loads a service at its first call, and may have to install its Kinesis engine.
   */
  requestTimeoutMs: number;
  /** Milliseconds for the whole run. Default 300 000. */
  limitMs: number;
}

/** The longest pause that timers can hold. */
const MOST_MS = 2 ** 31 - 1;

/** Limits from options, else from `READY_HOOKS_REQUEST_TIMEOUT_MS` and `READY_HOOKS_LIMIT_MS`, else the defaults. */
export function limitsOf(given: Partial<Limits>, env: Record<string, string | undefined>): Limits {
  return {
    requestTimeoutMs: limit('READY_HOOKS_REQUEST_TIMEOUT_MS', given.requestTimeoutMs, 30_000),
    limitMs: limit('READY_HOOKS_LIMIT_MS', given.limitMs, 300_000),
  };

  function limit(variable: string, option: number | undefined, otherwise: number): number {
    const text = env[variable];
    const value = option ?? (text ? Number(text) : otherwise);
    if (Number.isInteger(value) && value >= 1 && value <= MOST_MS) return value;
    throw new InvalidInputError(
      `The limit ${variable} is ${option ?? text}; expected a whole number of milliseconds from 1 to ${MOST_MS}: correct it or leave it out.`,
    );
  }
}

/** After which part of its engine's limit a hook says that it is near. */
const NEAR = 0.8;

/** What an engine does to a hook that runs for longer than it allows, and when to warn of that; `undefined` where there is no limit. */
export function scriptLimit({ product }: Pick<Engine, 'product'>) {
  const { hookLimit } = PRODUCTS[product];
  return hookLimit && { warnAfterMs: hookLimit.ms * NEAR, message: hookLimit.message };
}

/**
 * A signal that aborts with `signal`, or when `limitMs` have passed, then with a TimeoutError as its reason.
 * AbortSignal.any needs Node 20.3; the hook also runs on 18. `release` must be called when the work has ended.
 */
export function limitedSignal(
  signal: AbortSignal | undefined,
  limitMs: number,
): { signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  // Every request under way listens to it: more than ten are no leak.
  setMaxListeners(0, stop.signal);
  const abort = () => stop.abort(signal?.reason);
  const timer = setTimeout(() => {
    stop.abort(
      new TimeoutError(
        `the run reached its limit of ${limitMs} ms; raise READY_HOOKS_LIMIT_MS (or limitMs), or see the engine's log for what takes so long, then run it again.`,
      ),
    );
  }, limitMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: stop.signal,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
