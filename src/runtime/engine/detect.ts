import { ExpectedError } from '../errors.ts';
import type { Engine, ProductName } from './engine.ts';
import { PRODUCTS } from './products.ts';

type Get = (path: string) => Promise<{ status: number; body: unknown }>;

/** The engine's name for people: `LocalStack 4.14.0`. */
export function engineName(engine: Pick<Engine, 'product' | 'version'>): string {
  const { title } = PRODUCTS[engine.product];
  return engine.version ? `${title} ${engine.version}` : title;
}

/** Detects the engine. Throws ExpectedError if the endpoint is not a known one. */
export async function detectEngine(endpoint: string, get: Get): Promise<Engine> {
  const asked = get('/_aws/lambda/runtimes?filter=all');
  asked.catch(() => undefined);
  const info = await get('/_localstack/info');
  // MiniStack also serves LocalStack's health path, with its own version, so its own path goes first.
  const known =
    identify(info.body) ??
    (await identifyMiniStack(get)) ??
    identify((await get('/_localemu/info')).body, 'localemu') ??
    identify((await get('/_localstack/health')).body);
  if (known) {
    const { quirks } = PRODUCTS[known.product];
    if (known.product === 'ministack') return { ...known, quirks };
    const runtimes = (await asked).body;
    return { ...known, quirks, ...(isRuntimes(runtimes) && { runtimes: runtimes.Runtimes }) };
  }
  throw new ExpectedError(
    `The server at ${endpoint} is not LocalStack: GET /_localstack/info returned HTTP ${info.status}. Is another program using this port? Set the right address with --endpoint or AWS_ENDPOINT_URL.`,
  );
}

type Known = Pick<Engine, 'product' | 'version' | 'functionsInContainers'>;

function identify(body: unknown, product: ProductName = 'localstack'): Known | undefined {
  if (typeof body !== 'object' || body === null || !('version' in body)) return;
  const version = String(body.version).split(':')[0] ?? '';
  if (isFloci(body)) return { product: 'floci', version };
  return { product, version, ...(runsContainers(body) && { functionsInContainers: true }) };
}

/** The hook runs in LocalStack's container and sees its settings; from outside, the default is assumed. */
function runsContainers(body: object): boolean {
  const { LAMBDA_RUNTIME_EXECUTOR: executor = 'docker' } = process.env;
  return 'is_docker' in body && body.is_docker === true && executor === 'docker';
}

/** Floci claims to be LocalStack's community edition, and names itself in `original_edition`. */
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
