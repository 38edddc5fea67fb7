import { ExpectedError } from '../errors.ts';
import type { Engine } from './detect.ts';
import { getOnce } from './get-once.ts';
import { type EngineHooks, parseHooks } from './hook-states.ts';

/** Where each product tells the state of its ready hooks; the first one that answers counts. */
const PATHS: Record<Engine['product'], readonly string[]> = {
  localstack: ['/_localstack/init/ready', '/_localstack/init'],
  floci: ['/_localstack/init', '/_localstack/init/ready'],
  ministack: ['/_ministack/ready'],
};

/** How long an engine may take to tell the state of its hooks, in milliseconds. */
const LIMIT_MS = 10_000;

/** Every path once, LocalStack's first: what is asked of an engine that is not known. */
const ALL_PATHS = [...new Set([...PATHS.localstack, ...PATHS.ministack])];

/** Asks an engine for the state of its ready hooks. Undefined where it does not tell. */
export async function readHooks(
  endpoint: string,
  product: Engine['product'] | undefined,
  signal?: AbortSignal,
): Promise<EngineHooks | undefined> {
  for (const path of product ? PATHS[product] : ALL_PATHS) {
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
