import { systemClock } from '../clock.ts';
import { ExpectedError, TimeoutError } from '../errors.ts';
import type { ProductName } from './engine.ts';
import type { EngineHooks } from './hooks.ts';
import { readHooks } from './hooks.ts';

export interface WaitForHooksOptions {
  /** Between two requests, in milliseconds. Default 100. */
  pollMs?: number;
  /** Also wait until the endpoint responds. Default false: no response is a failure. */
  untilUp?: boolean;
  /** Default: unknown; each request then tries the paths of every product. */
  product?: ProductName | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The state of the expected hooks. If the engine reports no names, its state counts for all hooks together.
 */
export function judgeHooks(expected: readonly string[], { state, scripts, summary }: EngineHooks) {
  if (scripts.length === 0 && state !== 'none' && expected.length > 0) {
    const all = [...expected];
    return {
      failed: state === 'failed' ? all : [],
      open: state === 'ready' || state === 'failed' ? [] : all,
      states: summary,
    };
  }
  const stateOf = (name: string) => scripts.find((script) => script.name === name)?.state ?? 'UNKNOWN';
  const failed = expected.filter((name) => stateOf(name) === 'ERROR');
  const open = expected.filter((name) => stateOf(name) !== 'SUCCESSFUL' && stateOf(name) !== 'ERROR');
  return { failed, open, states: expected.map((name) => `${name} ${stateOf(name)}`).join(', ') };
}

/** Time limit in milliseconds. */
const LIMIT_MS = 300_000;

/**
 * Waits until each of these hooks (file names in ready.d) has succeeded. Throws as soon as one fails, after 5 minutes, and the
 * signal's reason.
 */
export async function waitForHooks(endpoint: string, expected: readonly string[], options: WaitForHooksOptions = {}) {
  const { pollMs = 100, untilUp = false, signal } = options;
  const giveUpAt = Date.now() + LIMIT_MS;
  let isUp = !untilUp;
  for (;;) {
    const seen = await read(endpoint, !isUp, options);
    const { failed, open, states } = judgeHooks(expected, seen ?? NONE);
    if (failed.length > 0)
      throw new ExpectedError(
        seen?.scripts.length === 0
          ? `A hook failed (${states}); the engine's log shows which and why.`
          : `The hook ${failed.join(', ')} failed; see the last lines of the engine's log.`,
      );
    if (open.length === 0) return;
    if (seen && seen.state !== 'none') isUp = true;
    if (Date.now() >= giveUpAt)
      throw new TimeoutError(
        `The hooks had not finished after ${LIMIT_MS / 1000} s (${states}): check the engine's log, and that ready.d is mounted.`,
      );
    await systemClock.sleep(pollMs, signal);
  }
}

const NONE: EngineHooks = { state: 'none', scripts: [], summary: '' };

async function read(
  endpoint: string,
  untilUp: boolean,
  { product, signal }: WaitForHooksOptions,
): Promise<EngineHooks | undefined> {
  try {
    return await readHooks(endpoint, product, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (untilUp) return undefined;
    throw new ExpectedError(
      `The engine at ${endpoint} does not respond: it stopped while its hooks ran; check its log.`,
      {
        cause: error,
      },
    );
  }
}
