import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError, TimeoutError } from '../errors.ts';

/** A script of LocalStack's init stages, as `/_localstack/init/ready` tells it. */
export interface HookState {
  stage: string;
  name: string;
  state: 'UNKNOWN' | 'RUNNING' | 'SUCCESSFUL' | 'ERROR';
}

export interface WaitForHooksOptions {
  /** Give up after this long, in milliseconds. Default 300 000. */
  timeoutMs?: number;
  /** Wait also while nothing answers at the endpoint yet. Default false: that is a failure. */
  untilUp?: boolean;
  signal?: AbortSignal | undefined;
  /** Called when what is seen of the hooks changes. */
  onProgress?: (message: string) => void;
}

/** What the states of the expected hooks mean together; `completed` of the engine is true also after errors, so it is not asked. */
export function judgeHooks(expected: readonly string[], scripts: readonly HookState[]) {
  const ready = scripts.filter(({ stage }) => stage === 'READY');
  const stateOf = (name: string) => ready.find((script) => script.name === name)?.state ?? 'UNKNOWN';
  const failed = expected.filter((name) => stateOf(name) === 'ERROR');
  const open = expected.filter((name) => stateOf(name) !== 'SUCCESSFUL' && stateOf(name) !== 'ERROR');
  return { failed, open, states: expected.map((name) => `${name} ${stateOf(name)}`).join(', ') };
}

/** Waits until each of these hooks (file names in ready.d) has ended well. Throws as soon as one is in error. */
export async function waitForHooks(endpoint: string, expected: readonly string[], options: WaitForHooksOptions = {}) {
  const { timeoutMs = 300_000, untilUp = false, signal, onProgress } = options;
  const giveUpAt = Date.now() + timeoutMs;
  let told = '';
  for (;;) {
    const scripts = await readStates(endpoint, untilUp && told === '', signal);
    const { failed, open, states } = judgeHooks(expected, scripts);
    if (failed.length > 0)
      throw new ExpectedError(`The hook ${failed.join(', ')} failed; the engine's log tells why, in its last lines.`);
    if (open.length === 0) return;
    if (states !== told && scripts.length > 0) {
      told = states;
      onProgress?.(`waiting for the hooks: ${states}`);
    }
    if (Date.now() >= giveUpAt)
      throw new TimeoutError(
        `The hooks had not ended after ${timeoutMs} ms (${states}): see the engine's log for what they wait for, and that ready.d is mounted.`,
      );
    await sleep(100, undefined, signal ? { signal } : {});
  }
}

async function readStates(endpoint: string, untilUp: boolean, signal?: AbortSignal): Promise<HookState[]> {
  try {
    const response = await fetch(`${endpoint}/_localstack/init/ready`, {
      redirect: 'manual',
      signal: signal ?? null,
    });
    const body = (await response.json()) as { scripts?: HookState[] };
    return body.scripts ?? [];
  } catch (error) {
    if (untilUp && !signal?.aborted) return [];
    throw new ExpectedError(`The engine at ${endpoint} does not answer: it ended while its hooks ran; see its log.`, {
      cause: error,
    });
  }
}
