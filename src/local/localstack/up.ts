import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from '../../errors.ts';
import { reason } from '../machine/command.ts';
import { cacheDir, dataDir as defaultDataDir } from '../machine/folders.ts';
import { withLock } from '../machine/lock.ts';
import { checkPort, freePort, readHealth } from '../machine/port.ts';
import { identify, isAlive, type ProcessIdentity } from '../machine/processes.ts';
import { end, findRecord, withoutIdentity } from '../process/down.ts';
import { type Engine, type EngineRecord, forget, remember } from '../process/state.ts';
import { venvPython } from '../python/venv.ts';
import { installKinesis, installLocalStack } from './install.ts';
import { type Layout, layOut } from './layout.ts';
import type { LocalStackVersion } from './releases.ts';
import { select } from './select.ts';
import { engineEnvironment } from './settings.ts';

export interface UpOptions {
  /** Where the gateway listens on 127.0.0.1; default 4566, 0 chooses a free port. */
  port?: number;
  /** State and log of the engine; default: `engines/<port>` in the cache folder. */
  dataDir?: string;
  /** Default: the newest that a Python found here can run. */
  version?: LocalStackVersion;
  /** A ready.d folder whose hooks LocalStack runs at start. */
  hooksDir?: string;
  /** Further settings of LocalStack; they have the last word. */
  env?: Record<string, string>;
  onProgress?: (message: string) => void;
  /** Ends installation or start, and leaves nothing half done. */
  signal?: AbortSignal;
}

/** LocalStack answers after about 1 s, the first time (Python compiles its sources) 3 s; a busy machine takes longer. */
const START_LIMIT_MS = 90_000;
const POLL_MS = 50;

/** Starts LocalStack in the background, installing it first where needed. Resolves when its gateway answers; hooks may still run. */
export async function up(options: UpOptions = {}): Promise<Engine> {
  if (process.platform === 'win32') {
    throw new ExpectedError('LocalStack without Docker runs on Linux and macOS only: use it in WSL, or use Docker.');
  }
  const port = options.port || (options.port === 0 ? await freePort() : 4566);
  const lock = join(cacheDir(), 'engines', `${port}.lock`);
  const onWait = () => options.onProgress?.(`waiting for another start on port ${port}`);
  return withLock(lock, { signal: options.signal, onWait }, async () => {
    const present = findRecord({ port });
    if (present) return takePresent(present, options);
    await checkPort(port);
    const dataDir = resolve(options.dataDir ?? defaultDataDir(port));
    checkFolders(dataDir, options.hooksDir);
    return start(port, dataDir, options);
  });
}

/** The engine that is up already, if it is what was asked for. */
async function takePresent(present: EngineRecord, { version, onProgress, signal }: UpOptions): Promise<Engine> {
  if (version !== undefined && version !== present.version) {
    throw new ExpectedError(
      `LocalStack ${present.version} is already up on port ${present.port}, and ${version} was asked for: ` +
        `run \`ready-hooks down --port ${present.port}\` first, or choose another port with --port.`,
    );
  }
  onProgress?.(`LocalStack ${present.version} is already up on port ${present.port}`);
  await answering(present, signal);
  return withoutIdentity(present);
}

function checkFolders(dataDir: string, hooksDir: string | undefined): void {
  const other = findRecord({ dataDir });
  if (other) {
    throw new ExpectedError(
      `${dataDir} is the folder of the LocalStack on port ${other.port}: name another folder, or run \`ready-hooks down --port ${other.port}\` first.`,
    );
  }
  if (hooksDir !== undefined && !existsSync(hooksDir)) {
    throw new InvalidInputError(`The hooks folder ${hooksDir} does not exist: run \`ready-hooks build\` first.`);
  }
}

async function start(port: number, dataDir: string, options: UpOptions): Promise<Engine> {
  const { env: extra, hooksDir, onProgress, signal } = options;
  const choice = await select(options.version, { onProgress, signal });
  const [venv, kinesis] = await Promise.all([
    installLocalStack(choice, { onProgress, signal }),
    installKinesis(choice.release, { onProgress, signal }),
  ]);
  const { version } = choice.release;
  onProgress?.(`starting LocalStack ${version} on port ${port}`);
  mkdirSync(dataDir, { recursive: true });
  const layout = layOut(dataDir, kinesis, choice.release, hooksDir);
  const env = engineEnvironment(process.env, {
    port,
    node: process.execPath,
    folders: layout,
    ...(extra && { extra }),
  });
  const identity = launch(venvPython(venv), env, layout);
  const record: EngineRecord = {
    kind: 'localstack',
    endpoint: `http://127.0.0.1:${port}`,
    port,
    version,
    python: choice.python.version,
    ...identity,
    dataDir,
    logFile: layout.logFile,
  };
  // Before it answers: should this process be killed now, `down` finds the engine.
  remember(record);
  try {
    await answering(record, signal);
  } catch (error) {
    await end(identity);
    forget(port);
    throw error;
  }
  return withoutIdentity(record);
}

/** In the background: a session and group of its own, and no stdio of ours, so that `npm start | tee` ends. */
function launch(python: string, env: Record<string, string>, layout: Layout): ProcessIdentity {
  const log = openSync(layout.logFile, 'a');
  const stdio: StdioOptions = ['ignore', log, log];
  const child = spawn(python, [layout.startScript], { cwd: layout.root, env, detached: true, stdio });
  child.on('error', () => {}); // told below, as there is no pid
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) return identity;
  throw new ExpectedError(`LocalStack could not be started: ${python} does not run; run it by hand to see why.`);
}

/** Resolves when the gateway answers. */
async function answering(engine: EngineRecord, signal?: AbortSignal): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await readHealth(engine.port).catch(() => undefined))) {
    if (signal?.aborted) throw new AbortedError('The start of LocalStack was stopped.');
    if (!isAlive(engine)) throw new ExpectedError(died(readFileSync(engine.logFile, 'utf8'), engine.logFile));
    if (Date.now() > limit) {
      throw new TimeoutError(
        `LocalStack ${engine.version} did not answer on port ${engine.port} within ${START_LIMIT_MS / 1000} s; see its log ${engine.logFile}.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** What an engine that ended while it started said last. */
export function died(log: string, logFile: string): string {
  return `LocalStack ended while it started: ${reason(log) || 'it said nothing'}; its log is ${logFile}.`;
}
