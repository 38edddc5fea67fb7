import { ExpectedError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { PRODUCTS } from './products.ts';

type Get = (path: string) => Promise<{ status: number; body: unknown }>;

/** The engine as a reader sees it: `LocalStack 4.14.0`. */
export function engineName(engine: Pick<Engine, 'product' | 'version'>): string {
  const { title } = PRODUCTS[engine.product];
  return engine.version ? `${title} ${engine.version}` : title;
}

/** Asks the endpoint what it is. Throws ExpectedError when something answers that is not a known engine. */
export async function detectEngine(endpoint: string, get: Get): Promise<Engine> {
  const asked = get('/_aws/lambda/runtimes?filter=all');
  asked.catch(() => undefined);
  const info = await get('/_localstack/info');
  // MiniStack answers LocalStack's health, too, with a version of its own, so it is asked for by its own name first.
  const known =
    identify(info.body) ?? (await identifyMiniStack(get)) ?? identify((await get('/_localstack/health')).body);
  if (known) {
    const { quirks } = PRODUCTS[known.product];
    if (known.product === 'ministack') return { ...known, quirks };
    const runtimes = (await asked).body;
    return { ...known, quirks, ...(isRuntimes(runtimes) && { runtimes: runtimes.Runtimes }) };
  }
  throw new ExpectedError(
    `What answers at ${endpoint} is not LocalStack: GET /_localstack/info gave HTTP ${info.status}; is another program using this port? Name the right one with --endpoint or AWS_ENDPOINT_URL.`,
  );
}

type Known = Pick<Engine, 'product' | 'version' | 'functionsInContainers'>;

function identify(body: unknown): Known | undefined {
  if (typeof body !== 'object' || body === null || !('version' in body)) return;
  const version = String(body.version).split(':')[0] ?? '';
  if (isFloci(body)) return { product: 'floci', version };
  return { product: 'localstack', version, ...(runsContainers(body) && { functionsInContainers: true }) };
}

/** The hook runs in LocalStack's container and sees its settings; from outside, the default is assumed. */
function runsContainers(body: object): boolean {
  const { LAMBDA_RUNTIME_EXECUTOR: executor = 'docker' } = process.env;
  return 'is_docker' in body && body.is_docker === true && executor === 'docker';
}

/** It gives itself out as LocalStack's community edition, and tells its own as the original one. */
function isFloci(body: object): boolean {
  return 'original_edition' in body && String(body.original_edition).startsWith('floci');
}

async function identifyMiniStack(get: Get): Promise<Pick<Engine, 'product' | 'version'> | undefined> {
  if (!isMiniStack((await get('/_ministack/ready')).body)) return undefined;
  const { body } = await get('/_ministack/health');
  return { product: 'ministack', version: identify(body)?.version ?? '' };
}

function isMiniStack(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'total' in body && 'completed' in body;
}

function isRuntimes(body: unknown): body is { Runtimes: string[] } {
  return typeof body === 'object' && body !== null && 'Runtimes' in body && Array.isArray(body.Runtimes);
}
