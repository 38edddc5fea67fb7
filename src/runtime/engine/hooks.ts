import { ExpectedError } from '../errors.ts';
import type { ProductName } from './engine.ts';
import { getOnce } from './get-once.ts';
import { PRODUCTS } from './products.ts';
/** A script of an engine's init stages. */
export interface HookState {
  stage: string;
  name: string;
  state: 'UNKNOWN' | 'RUNNING' | 'SUCCESSFUL' | 'ERROR';
}

/** What an engine tells of its ready hooks. MiniStack tells numbers and no names: `scripts` is empty. */
export interface EngineHooks {
  state: 'none' | 'pending' | 'running' | 'ready' | 'failed';
  scripts: HookState[];
  /** One line for people: `10-a.sh SUCCESSFUL, 20-b.sh RUNNING`, `1 of 2 hooks ended, 0 failed`. */
  told: string;
}

const STATES: Record<string, HookState['state']> = {
  UNKNOWN: 'UNKNOWN',
  PENDING: 'UNKNOWN',
  RUNNING: 'RUNNING',
  SUCCESSFUL: 'SUCCESSFUL',
  COMPLETED: 'SUCCESSFUL',
  ERROR: 'ERROR',
  FAILED: 'ERROR',
};

/**
 * Reads the answer of `/_localstack/init`, `/_localstack/init/ready` (LocalStack, and Floci with its lower-case states) or
 * `/_ministack/ready`. Undefined for anything else. `completed` of LocalStack is true also after errors, so it is not read.
 */
export function parseHooks(body: unknown): EngineHooks | undefined {
  if (!isObject(body)) return undefined;
  if (typeof body['total'] === 'number') return fromCounts(body);
  if (!('scripts' in body)) return undefined;
  const scripts = scriptsOf(body['scripts']).filter(({ stage }) => stage === 'READY');
  // Floci names no script before all have ended; then only this tells that there are some.
  if (scripts.length === 0 && hasNotEnded(body['completed']))
    return { state: 'running', scripts, told: 'hooks have not ended' };
  return { state: together(scripts), scripts, told: scripts.map(({ name, state }) => `${name} ${state}`).join(', ') };
}

/** `completed` of the ready stage, told alone or by stage. */
function hasNotEnded(completed: unknown): boolean {
  if (!isObject(completed)) return completed === false;
  return completed['ready'] === false || completed['READY'] === false;
}

/** `completed` of MiniStack counts every hook that has ended, the failed ones too. */
function fromCounts({ status, total, completed, failed }: Record<string, unknown>): EngineHooks {
  const [all, ended, bad] = [Number(total), Number(completed ?? 0), Number(failed ?? 0)];
  const told = `${ended} of ${all} hooks ended, ${bad} failed`;
  const state = () => {
    if (bad > 0) return 'failed';
    if (status === 'pending') return 'pending';
    if (status === 'running' || ended < all) return 'running';
    return all === 0 ? 'none' : 'ready';
  };
  return { state: state(), scripts: [], told };
}

/** A list, or lists by stage; each script an object, or its name alone. */
function scriptsOf(scripts: unknown): HookState[] {
  if (Array.isArray(scripts)) return scripts.flatMap((script) => toScript(script, 'READY'));
  if (!isObject(scripts)) return [];
  return Object.entries(scripts).flatMap(([stage, list]) =>
    Array.isArray(list) ? list.flatMap((script) => toScript(script, stage)) : [],
  );
}

function toScript(script: unknown, stage: string): HookState[] {
  if (typeof script === 'string') return [{ stage: stage.toUpperCase(), name: script, state: 'UNKNOWN' }];
  if (!isObject(script)) return [];
  const path = script['name'] ?? script['script'];
  if (typeof path !== 'string') return [];
  return [
    {
      stage: String(script['stage'] ?? stage).toUpperCase(),
      name: path.split('/').pop() ?? '',
      state: STATES[String(script['state']).toUpperCase()] ?? 'UNKNOWN',
    },
  ];
}

function together(scripts: readonly HookState[]): EngineHooks['state'] {
  const any = (state: HookState['state']) => scripts.some((script) => script.state === state);
  if (scripts.length === 0) return 'none';
  if (any('ERROR')) return 'failed';
  if (scripts.every(({ state }) => state === 'SUCCESSFUL')) return 'ready';
  return any('RUNNING') || any('SUCCESSFUL') ? 'running' : 'pending';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** How long an engine may take to tell the state of its hooks, in milliseconds. */
const LIMIT_MS = 10_000;

/** Every path once, LocalStack's first: what is asked of an engine that is not known. */
const ALL_PATHS = [...PRODUCTS.localstack.hookPaths, ...PRODUCTS.ministack.hookPaths];

/** Asks an engine for the state of its ready hooks. Undefined where it does not tell. */
export async function readHooks(
  endpoint: string,
  product: ProductName | undefined,
  signal?: AbortSignal,
): Promise<EngineHooks | undefined> {
  for (const path of product ? PRODUCTS[product].hookPaths : ALL_PATHS) {
    const parsed = parseHooks(await getJson(endpoint + path, signal));
    if (parsed) return parsed;
  }
  return undefined;
}

async function getJson(url: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return (await getOnce(url, LIMIT_MS, signal)).body;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ExpectedError(`The engine does not tell the state of its hooks: ${url} gave no answer; see its log.`, {
      cause: error,
    });
  }
}
