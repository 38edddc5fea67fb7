import type { Engine } from '../engine/detect.ts';
import { InvalidInputError } from '../errors.ts';

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

/** What an engine does to a hook that runs for longer than it allows, and when that is to be said; `undefined` where there is no limit. */
export function scriptLimit({
  product,
}: Pick<Engine, 'product'>): { warnAfterMs: number; message: string } | undefined {
  if (product === 'floci')
    return near(
      30_000,
      'Floci ends a hook after 30 s and stops: raise its limit for hooks, or split the definition into several hooks',
    );
  if (product === 'ministack')
    return near(300_000, 'MiniStack ends a hook after 300 s: split the definition into several hooks');
  return undefined;
}

function near(limitMs: number, message: string) {
  return { warnAfterMs: limitMs * NEAR, message };
}
