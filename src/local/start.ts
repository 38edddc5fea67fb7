import { join, resolve } from 'node:path';
import { waitForHooks } from '../runtime/engine/wait-for-hooks.ts';
import { AbortedError, ExpectedError, InvalidInputError } from '../runtime/errors.ts';
import { readdir } from '../runtime/file-system.ts';
import { choose, type EngineChoice } from './choose-engine.ts';
import { type ComposeOptions, composeDown, composeUp, ensureImage, isRunning, portOf } from './docker/compose.ts';
import { type DockerProbe, probeDocker } from './docker/probe.ts';
import { followHookLog, hookLine } from './hook-log.ts';
import { checkPort } from './machine/port.ts';
import { down, type EngineFilter, findEngine, findRecord } from './process/down.ts';
import { hooksAtStart, type LateHooks, runLateHooks } from './process/late-hooks.ts';
import { PRODUCT_NAMES, type ProductName } from './process/product.ts';
import { type EngineRecord, type LocalEngine, running } from './process/state.ts';
import { type UpOptions, up } from './process-engines.ts';

/** Folder, version and variables are for an engine without Docker; with Docker, docker-compose.yml sets them. */
export interface StartOptions extends Omit<UpOptions, 'engine'> {
  /** Default `auto`: Docker if it is running and has or can pull the image, otherwise LocalStack without Docker. */
  engine?: EngineChoice | undefined;
  /** Default 4566; with Docker, the port that docker-compose.yml publishes. */
  port?: number | undefined;
  /** With Docker, the name of the Compose project. Default: Compose's. */
  project?: string | undefined;
  /** Why `auto` must not use Docker, to complete "LocalStack without Docker: …". */
  notDocker?: string | undefined;
  /** Each line that a hook logs while it runs. */
  onHookLog?: ((line: string) => void) | undefined;
}

export interface Started {
  engine: 'docker' | ProductName;
  endpoint: string;
  /** Whether this call started it; otherwise it was already running. */
  fresh: boolean;
  /** The log file, or the command that prints the log. */
  log: string;
}

/** Starts an engine and waits until its hooks have succeeded. On an engine that already runs, runs hooks that it has not run. */
export async function startEngine(options: StartOptions = {}): Promise<Started> {
  const { port = 4566, engine = 'auto', notDocker, onProgress } = options;
  const present = await findEngine({ port });
  if (present && engine === 'auto') return startProcess(present.product, { ...options, port });
  const asksDocker = (engine === 'auto' && !notDocker) || engine === 'docker';
  const docker: DockerProbe = asksDocker ? await probeDocker() : { ok: false, reason: notDocker ?? 'not requested' };
  const compose = composeOptions(options, docker);
  const usable = docker.ok && !docker.socket.problem;
  const choice = choose(engine, docker, usable ? await ensureImage(compose) : 'here');
  if (choice.engine === undefined) throw new ExpectedError(choice.why);
  onProgress?.(`engine: ${choice.why}`);
  return choice.engine === 'docker' ? startDocker(compose) : startProcess(choice.engine, { ...options, port });
}

/** Stops whatever startEngine started on this port; returns the names of the engines it stopped. */
export async function stopEngine(filter: EngineFilter = {}): Promise<string[]> {
  const stopped: string[] = [];
  const present = await down(filter);
  if (present) stopped.push(PRODUCT_NAMES[present.product]);
  if (filter.dataDir) return stopped;
  const docker = await probeDocker();
  const compose = composeOptions(filter, docker);
  if (docker.ok && (await isOn(filter.port, compose)) && (await composeDown(compose)))
    stopped.push('LocalStack in Docker');
  return stopped;
}

/** What stopEngine did, as a sentence. `starter`: the command whose engine was looked for. */
export function stoppedText(stopped: readonly string[], starter: string): string {
  if (stopped.length > 0) return `${stopped.join(' and ')} stopped.`;
  const ports = running().map(({ port }) => port);
  if (ports.length === 0) return `No engine started by ${starter} is running.`;
  return `Nothing was stopped. Other engines run on port ${ports.join(', ')}: stop one with --port.`;
}

function composeOptions(
  { project, port, onProgress, onHookLog, signal }: StartOptions,
  docker: DockerProbe,
): ComposeOptions {
  return {
    project,
    port,
    socket: docker.ok ? docker.socket : { path: '' },
    onProgress,
    signal,
    ...(onHookLog && { onLog: (line: string) => hookLine(line) !== undefined && onHookLog(line) }),
  };
}

async function startDocker(compose: ComposeOptions): Promise<Started> {
  const fresh = !(await isRunning(compose));
  const before = await portOf(compose);
  if (fresh && typeof before === 'number') await checkPort(before);
  await composeUp(compose);
  const port = await portOf(compose);
  return { engine: 'docker', endpoint: `http://127.0.0.1:${port}`, fresh, log: 'docker compose logs localstack' };
}

/** Whether the engine in Docker is on this port; any port will do if none is given. */
async function isOn(port: number | undefined, compose: ComposeOptions): Promise<boolean> {
  return port === undefined || (await portOf(compose).catch(() => 'none')) === port;
}

async function startProcess(product: ProductName, options: StartOptions & { port: number }): Promise<Started> {
  const { hooksDir, onHookLog, signal } = options;
  const hooks = hooksDir ? await hooksIn(hooksDir) : [];
  const present = findRecord({ port: options.port });
  const engine = await up({ ...options, engine: product });
  const { endpoint, logFile } = engine;
  const started = { engine: product, endpoint, fresh: !present, log: logFile };
  if (present && hooksDir) {
    const onLine = (line: string) => hookLine(line) !== undefined && onHookLog?.(line);
    await runOnPresent(present, { folder: resolve(hooksDir), names: hooks, onLine, signal });
  }
  if (present) return started;
  const follower = onHookLog && followHookLog(logFile, onHookLog);
  try {
    await waitForHooks(endpoint, hooks, { product, signal });
  } catch (error) {
    if (!signal?.aborted) throw await withRunningEngine(error, engine);
    await down({ port: engine.port });
    const name = PRODUCT_NAMES[product];
    throw new AbortedError(`Stopped while ${name} ran its hooks; ${name} is stopped, too.`, { cause: error });
  } finally {
    await follower?.stop();
  }
  return started;
}

/** Waits for the hooks that the engine started with, and runs the others once. */
async function runOnPresent(engine: EngineRecord, hooks: LateHooks): Promise<void> {
  const { folder, names, signal } = hooks;
  const atStart = await hooksAtStart(engine, hooks);
  await waitForHooks(engine.endpoint, atStart, { product: engine.product, signal }).catch(async (error) => {
    throw await withRunningEngine(error, engine);
  });
  const late = names.filter((name) => !atStart.includes(name) && !engine.lateHooks?.includes(join(folder, name)));
  if (late.length > 0) await runLateHooks(engine, { ...hooks, names: late });
}

/** A failed hook leaves its engine running, so that you can inspect it. */
async function withRunningEngine(error: unknown, { product, port, endpoint, logFile }: LocalEngine): Promise<unknown> {
  if (!(error instanceof ExpectedError) || !(await findEngine({ port }))) return error;
  return new ExpectedError(
    `${error.message} ${PRODUCT_NAMES[product]} still runs at ${endpoint} (log: ${logFile}): stop it with npx ready-hooks down --port ${port} before you start it again.`,
    { cause: error },
  );
}

async function hooksIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    throw new InvalidInputError(
      `Cannot read the hooks folder ${resolve(folder)} (${error.code}): pass the folder that holds the hooks, or create it with npx ready-hooks build.`,
      { cause: error },
    );
  });
  const hooks = names.filter((name) => /\.(sh|py)$/.test(name));
  if (hooks.length > 0) return hooks;
  throw new InvalidInputError(
    `The hooks folder ${resolve(folder)} contains no hook (.sh or .py): pass the folder that npx ready-hooks build writes, or build it first.`,
  );
}
