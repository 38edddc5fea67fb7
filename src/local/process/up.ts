import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from '../../runtime/errors.ts';
import { openSync, readFileSync, rmSync } from '../../runtime/file-system.ts';
import { reason } from '../machine/command.ts';
import { cacheDir, dataDir as defaultDataDir } from '../machine/folders.ts';
import { withLock } from '../machine/lock.ts';
import { checkPort, freePort, readHealth } from '../machine/port.ts';
import { identify, isAlive, type ProcessIdentity } from '../machine/processes.ts';
import { freshFolder, wipe } from './data-dir.ts';
import { end, findRecord, withoutIdentity } from './down.ts';
import { type Launch, PRODUCT_NAMES, type ProcessOptions, type Product } from './product.ts';
import { type EngineRecord, forget, type LocalEngine, remember } from './state.ts';

/** LocalStack answers after about 1 s; a busy machine takes longer. */
const START_LIMIT_MS = 90_000;
const POLL_MS = 50;

/** Starts an engine in the background, installing it first where needed. Resolves when it answers; hooks may still run. */
export async function upProcess(product: Product, options: ProcessOptions): Promise<LocalEngine> {
  if (process.platform === 'win32') {
    throw new ExpectedError(
      `${PRODUCT_NAMES[product.name]} without Docker runs on Linux and macOS only: use it in WSL, or use Docker.`,
    );
  }
  const port = options.port || (options.port === 0 ? await freePort() : 4566);
  const lock = join(cacheDir(), 'engines', `${port}.lock`);
  const onWait = () => options.onProgress?.(`waiting for another process that starts an engine on port ${port}`);
  return withLock(lock, { signal: options.signal, onWait }, async () => {
    const present = findRecord({ port });
    if (present) return takePresent(product, present, options);
    await checkPort(port);
    const dataDir = resolve(options.dataDir ?? defaultDataDir(port));
    checkFolders(dataDir, options.hooksDir);
    return start(product, port, dataDir, options);
  });
}

/** The engine that already runs, if it is the requested one. */
async function takePresent(product: Product, present: EngineRecord, options: ProcessOptions): Promise<LocalEngine> {
  const { version = present.version, onProgress, signal } = options;
  const sameProduct = present.product === product.name;
  if (!sameProduct || version !== present.version) {
    const wanted = sameProduct ? titleOf({ ...present, version }) : PRODUCT_NAMES[product.name];
    throw new ExpectedError(
      `${titleOf(present)} already runs on port ${present.port}, but ${wanted} was requested: ` +
        `run \`npx ready-hooks down --port ${present.port}\` first, or choose another port with --port.`,
    );
  }
  onProgress?.(`${titleOf(present)} already runs on port ${present.port}`);
  await answering(present, signal);
  return withoutIdentity(present);
}

function titleOf({ product, version }: LocalEngine): string {
  return `${PRODUCT_NAMES[product]} ${version}`;
}

function checkFolders(dataDir: string, hooksDir: string | undefined): void {
  const other = findRecord({ dataDir });
  if (other) {
    throw new ExpectedError(
      `${dataDir} is in use by the engine on port ${other.port}: choose another folder, or run \`npx ready-hooks down --port ${other.port}\` first.`,
    );
  }
  if (hooksDir !== undefined && !existsSync(hooksDir)) {
    throw new InvalidInputError(`The hooks folder ${hooksDir} does not exist: run \`npx ready-hooks build\` first.`);
  }
}

async function start(product: Product, port: number, dataDir: string, options: ProcessOptions): Promise<LocalEngine> {
  const { env, hooksDir, onProgress, signal, version } = options;
  const installed = await product.install({ version, onProgress, signal });
  onProgress?.(`starting ${PRODUCT_NAMES[product.name]} ${installed.version} on port ${port}`);
  const { stateDir, logFile } = freshFolder(dataDir, product.name);
  const launch = installed.layOut({ port, stateDir, hooksDir, env });
  const owned = options.endsWithOwner ? { READY_HOOKS_OWNED: stateDir } : undefined;
  const identity = spawnEngine(product, { ...launch, env: { ...launch.env, ...owned } }, logFile, owned !== undefined);
  const record: EngineRecord = {
    product: product.name,
    endpoint: `http://127.0.0.1:${port}`,
    port,
    version: launch.version,
    python: launch.pythonVersion,
    ...identity,
    dataDir,
    logFile,
    ...(options.port === 0 && options.dataDir === undefined && { temporary: true as const }),
    ...(owned && { endsWithOwner: true }),
    ...(hooksDir && { hooksDir: resolve(hooksDir) }),
  };
  // Before it answers: if this process is killed now, `down` finds the engine.
  remember(record);
  try {
    await answering(record, signal);
  } catch (error) {
    await end(identity, STARTING_TERM_MS);
    forget(port);
    // The log stays: the error may name it.
    if (record.temporary && signal?.aborted) rmSync(dataDir, { recursive: true, force: true });
    else wipe(dataDir);
    throw error;
  }
  return withoutIdentity(record);
}

/** LocalStack ignores a SIGTERM at some moments of its start, when it has nothing to save. In milliseconds. */
const STARTING_TERM_MS = 1_000;

/**
 * In the background: a session and process group of its own, and no inherited stdio, so that `npm start | tee` ends. With `isOwned`, its
 * stdin is a pipe that closes when this process ends (executor/owner.py).
 */
function spawnEngine(
  { name }: Product,
  { command, cwd, env }: Launch,
  logFile: string,
  isOwned: boolean,
): ProcessIdentity {
  const log = openSync(logFile, 'a');
  const stdio: StdioOptions = [isOwned ? 'pipe' : 'ignore', log, log];
  const [python, ...args] = command;
  const child = spawn(python, args, { cwd, env, detached: true, stdio });
  child.on('error', () => {}); // reported below, as there is no pid
  closeSync(log);
  child.unref();
  (child.stdin as Socket | null)?.on('error', () => {}).unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) return identity;
  throw new ExpectedError(
    `Could not start ${PRODUCT_NAMES[name]}: ${python} does not run. Run it yourself to see why.`,
  );
}

/** Resolves when the gateway answers. */
async function answering(engine: EngineRecord, signal?: AbortSignal): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await readHealth(engine.port, engine.product).catch(() => undefined))) {
    if (signal?.aborted) throw new AbortedError(`Stopped while ${titleOf(engine)} was starting.`);
    if (!isAlive(engine)) throw new ExpectedError(died(engine, readFileSync(engine.logFile, 'utf8')));
    if (Date.now() > limit) {
      throw new TimeoutError(
        `${titleOf(engine)} did not answer on port ${engine.port} within ${START_LIMIT_MS / 1000} s. Its log: ${engine.logFile}.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** The error message for an engine that exited while starting. */
export function died({ product, logFile }: Pick<LocalEngine, 'product' | 'logFile'>, log: string): string {
  return `${PRODUCT_NAMES[product]} exited while starting: ${reason(log) || 'it logged nothing'}. Its log: ${logFile}.`;
}
