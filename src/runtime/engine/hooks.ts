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

/** The state of an engine's ready hooks. MiniStack reports only counts: `scripts` is empty. */
export interface EngineHooks {
  state: 'none' | 'pending' | 'running' | 'ready' | 'failed';
  scripts: HookState[];
  /** One line for people: `10-a.sh SUCCESSFUL, 20-b.sh RUNNING`, `1 of 2 hooks finished, 0 failed`. */
  summary: string;
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
 * Parses the response of `/_localstack/init`, `/_localstack/init/ready` (LocalStack, and Floci with its lower-case states) or
 * `/_ministack/ready`. Undefined for anything else. Ignores LocalStack's `completed`, which is true even after errors.
 */
export function parseHooks(body: unknown): EngineHooks | undefined {
  if (!isObject(body)) return undefined;
  if (typeof body['total'] === 'number') return fromCounts(body);
  if (!('scripts' in body)) return undefined;
  const scripts = scriptsOf(body['scripts']).filter(({ stage }) => stage === 'READY');
  // Floci lists no scripts until all have finished; until then only `completed` shows that there are any.
  if (scripts.length === 0 && hasNotFinished(body['completed']))
    return { state: 'running', scripts, summary: 'hooks have not finished' };
  return {
    state: together(scripts),
    scripts,
    summary: scripts.map(({ name, state }) => `${name} ${state}`).join(', '),
  };
}

/** `completed` of the ready stage, alone or by stage. */
function hasNotFinished(completed: unknown): boolean {
  if (!isObject(completed)) return completed === false;
  return completed['ready'] === false || completed['READY'] === false;
}

/** MiniStack's `completed` counts every finished hook, including failed ones. */
function fromCounts({ status, total, completed, failed }: Record<string, unknown>): EngineHooks {
  const [all, finished, bad] = [Number(total), Number(completed ?? 0), Number(failed ?? 0)];
  const summary = `${finished} of ${all} hooks finished, ${bad} failed`;
  const state = () => {
    if (bad > 0) return 'failed';
    if (status === 'pending') return 'pending';
    if (status === 'running' || finished < all) return 'running';
    return all === 0 ? 'none' : 'ready';
  };
  return { state: state(), scripts: [], summary };
}

/** A list, or lists by stage; each script is an object or just its name. */
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

/** How many milliseconds an engine may take to return the state of its hooks. */
const LIMIT_MS = 10_000;

/** The paths to try on an unknown engine, LocalStack's first. */
const ALL_PATHS = new Set(Object.values(PRODUCTS).flatMap(({ hookPaths }) => hookPaths));

/** Reads the state of an engine's ready hooks. Undefined if the engine does not report it. */
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
    throw new ExpectedError(
      `Cannot read the state of the engine's hooks: ${url} did not respond; check the engine's log.`,
      {
        cause: error,
      },
    );
  }
}
