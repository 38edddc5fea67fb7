import { rm } from 'node:fs/promises';
import { ENGINES, type EngineChoice } from '../../local/choose-engine.ts';
import { down } from '../../local/process/down.ts';
import { removeDead } from '../../local/process/state.ts';
import { up } from '../../local/process-engines.ts';
import { InvalidInputError } from '../../runtime/errors.ts';

export interface EngineOptions {
  /**
   * `localstack` or `ministack` starts an engine of its own, as a process on a free port, which ends with this process. Default `auto`:
   * LocalStack.
   */
  engine?: Exclude<EngineChoice, 'docker'> | undefined;
  /** Environment variables for the engine. */
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
export async function ownEngine({ engine = 'auto', engineEnv, ...options }: EngineOptions): Promise<OwnEngine> {
  if ((engine as EngineChoice) === 'docker' || !ENGINES.includes(engine))
    throw new InvalidInputError(
      `startPipeline cannot start the engine ${engine}: use localstack or ministack, or start one in Docker and pass its endpoint.`,
    );
  removeDead();
  const started = await up({
    ...options,
    engine: engine === 'ministack' ? 'ministack' : 'localstack',
    port: 0,
    endsWithOwner: true,
    env: { ...FAST, ...engineEnv },
  });
  const { port, endpoint, logFile, dataDir } = started;
  return {
    endpoint,
    log: logFile,
    stop: async () => {
      // The log of an engine that died stays until the next start: a message may name it.
      if (await down({ port })) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
