import type { Engine } from '../engine/engine.ts';
import { PRODUCTS } from '../engine/products.ts';
import { InvalidInputError, TimeoutError } from '../errors.ts';
import { linked } from '../linked.ts';

/** How long one request and a whole run may take. */
export interface Limits {
  /**
   * Milliseconds to wait for the response to a request, which is then retried within the step's own limit.
   * Default 30 000: a cold LocalStack loads a service on the first call, and may have to install its Kinesis engine.
   */
  requestTimeoutMs: number;
  /** Milliseconds for the whole run. Default 300 000. */
  limitMs: number;
}

/** The longest timeout that timers support. */
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
      `The limit ${variable} is ${option ?? text}, but must be a whole number of milliseconds from 1 to ${MOST_MS}: correct it or leave it out.`,
    );
  }
}

/** The part of its engine's limit after which a hook warns. */
const NEAR = 0.8;

/** When to warn that the engine will stop a long-running hook, and the warning; `undefined` if it never does. */
export function scriptLimit({ product }: Pick<Engine, 'product'>) {
  const { hookLimit } = PRODUCTS[product];
  return hookLimit && { warnAfterMs: hookLimit.ms * NEAR, message: hookLimit.message };
}

/** A signal that aborts with `signal`, or with a TimeoutError after `limitMs`. Call `release` when the work is done. */
export function limitedSignal(
  signal: AbortSignal | undefined,
  limitMs: number,
): { signal: AbortSignal; release(): void } {
  const { own, release } = linked(signal);
  const timer = setTimeout(() => {
    own.abort(
      new TimeoutError(
        `the run reached its limit of ${limitMs / 1000} s; raise READY_HOOKS_LIMIT_MS (or limitMs), or check the engine's log for the cause, then run this again.`,
      ),
    );
  }, limitMs);
  return {
    signal: own.signal,
    release: () => {
      clearTimeout(timer);
      release();
    },
  };
}
