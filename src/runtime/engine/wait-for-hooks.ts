import { systemClock } from '../clock.ts';
import { ExpectedError, TimeoutError } from '../errors.ts';
import type { EngineHooks } from './hooks.ts';
import { readHooks } from './hooks.ts';

export interface WaitForHooksOptions {
  /** Give up after this long, in milliseconds. Default 300 000. */
  timeoutMs?: number;
  /** Wait also while nothing answers at the endpoint yet. Default false: that is a failure. */
  untilUp?: boolean;
  signal?: AbortSignal | undefined;
  /** Called when what is seen of the hooks changes. */
  onProgress?: (message: string) => void;
}

/**
 * What the engine's hooks mean for the expected ones. An engine that tells no names answers for all its hooks together, once
 * it knows of as many.
 */
export function judgeHooks(expected: readonly string[], { state, scripts, told }: EngineHooks) {
  if (scripts.length === 0 && state !== 'none' && expected.length > 0) {
    const all = [...expected];
    return {
      failed: state === 'failed' ? all : [],
      open: state === 'ready' || state === 'failed' ? [] : all,
      states: told,
    };
  }
  const stateOf = (name: string) => scripts.find((script) => script.name === name)?.state ?? 'UNKNOWN';
  const failed = expected.filter((name) => stateOf(name) === 'ERROR');
  const open = expected.filter((name) => stateOf(name) !== 'SUCCESSFUL' && stateOf(name) !== 'ERROR');
  return { failed, open, states: expected.map((name) => `${name} ${stateOf(name)}`).join(', ') };
}

/** Waits until each of these hooks (file names in ready.d) has ended well. Throws as soon as one is in error, and the signal's reason. */
export async function waitForHooks(endpoint: string, expected: readonly string[], options: WaitForHooksOptions = {}) {
  const { timeoutMs = 300_000, untilUp = false, signal, onProgress } = options;
  const giveUpAt = Date.now() + timeoutMs;
  let told = '';
  for (;;) {
    const seen = await look(endpoint, untilUp && told === '', signal);
    const { failed, open, states } = judgeHooks(expected, seen ?? NONE);
    if (failed.length > 0)
      throw new ExpectedError(
        seen?.scripts.length === 0
          ? `A hook failed (${states}); the engine's log tells which and why.`
          : `The hook ${failed.join(', ')} failed; the engine's log tells why, in its last lines.`,
      );
    if (open.length === 0) return;
    if (seen && seen.state !== 'none' && states !== told) {
      told = states;
      onProgress?.(`waiting for the hooks: ${states}`);
    }
    if (Date.now() >= giveUpAt)
      throw new TimeoutError(
        `The hooks had not ended after ${timeoutMs} ms (${states}): see the engine's log for what they wait for, and that ready.d is mounted.`,
      );
    await systemClock.sleep(100, signal);
  }
}

const NONE: EngineHooks = { state: 'none', scripts: [], told: '' };

async function look(endpoint: string, untilUp: boolean, signal?: AbortSignal): Promise<EngineHooks | undefined> {
  try {
    return await readHooks(endpoint, undefined, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (untilUp) return undefined;
    throw new ExpectedError(`The engine at ${endpoint} does not answer: it ended while its hooks ran; see its log.`, {
      cause: error,
    });
  }
}
