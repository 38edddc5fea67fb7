import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { ENGINES, type EngineName } from '../../local/choose-engine.ts';
import { down } from '../../local/process/down.ts';
import type { ProductName } from '../../local/process/product.ts';
import { removeDead } from '../../local/process/state.ts';
import { up } from '../../local/process-engines.ts';
import { startEngine } from '../../local/start.ts';
import { either } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { rm } from '../../runtime/file-system.ts';

export interface EngineOptions {
  /**
   * `localstack`, `localemu` and `ministack` run as a process, `docker` as a Compose project of its own, from this folder's
   * docker-compose.yml. Each listens on a free port and ends with this process. Default `localstack`.
   */
  engine?: EngineName | undefined;
  /** Environment variables for an engine that runs as a process; `docker` ignores them. Default: none. */
  engineEnv?: Record<string, string> | undefined;
  /** Called with what happens while an engine is installed and started. */
  onProgress?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** An engine that this process started. */
export interface OwnEngine {
  endpoint: string;
  log: string;
  stop(): Promise<void>;
}

/** Settings for short tests; engineEnv can override them. */
const FAST = {
  LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.02',
  KINESIS_LATENCY: '0',
  KINESIS_PERSISTENCE: '0',
};

/** Starts an engine of its own, which ends with this process, however that ends. */
export async function ownEngine({ engine = 'localstack', ...options }: EngineOptions): Promise<OwnEngine> {
  if (!ENGINES.includes(engine))
    throw new InvalidInputError(
      `There is no engine ${engine}: use ${either(ENGINES)}, or pass the endpoint of a running one.`,
    );
  return engine === 'docker' ? inDocker(options) : asProcess(engine, options);
}

async function asProcess(engine: ProductName, { engineEnv, ...options }: EngineOptions): Promise<OwnEngine> {
  removeDead();
  const env = { ...FAST, ...engineEnv };
  const { port, endpoint, logFile, dataDir } = await up({ ...options, engine, port: 0, endsWithOwner: true, env });
  return {
    endpoint,
    log: logFile,
    stop: async () => {
      // The log of an engine that died stays until the next start: a message may name it.
      if (await down({ port })) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function inDocker({ onProgress, signal }: EngineOptions): Promise<OwnEngine> {
  const project = `ready-hooks-test-${randomUUID().slice(0, 8)}`;
  const stop = removedAtEnd(project);
  try {
    const { endpoint } = await startEngine({ engine: 'docker', port: 0, project, onProgress, signal });
    return { endpoint, log: `docker compose --project-name ${project} logs localstack`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes a Compose project when this process ends, however it ends, or when the returned function is called. */
function removedAtEnd(project: string): () => Promise<void> {
  const script = 'cat > /dev/null; exec docker compose --project-name "$0" down --volumes --remove-orphans';
  const child = spawn('sh', ['-c', script, project], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'close');
  child.unref();
  (child.stdin as Socket).unref();
  return async () => {
    child.ref();
    child.stdin.end();
    await ended;
  };
}
