import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { down, up } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { PRODUCT_NAMES, type ProductName } from '../../src/local/process/product.ts';
import type { ProductName as DetectedName } from '../../src/runtime/engine/engine.ts';
import { ExpectedError } from '../../src/runtime/errors.ts';

/** An engine of the matrix. It starts once, with every Node's hook in its ready.d. */
export interface MatrixEngine {
  /** `LocalStack 4.14.0 without Docker` */
  name: string;
  /** As it reports them. */
  product: DetectedName;
  version: string;
  /** Whether the settings of its mappings are measured, on an engine of its own. */
  measured: boolean;
  /** The Nodes that run its hooks; default: all. */
  nodes?: readonly NodeVersion[];
  /** Starts it with the hooks of `folder`/ready.d. The engine sees the folder under the same path. */
  start(folder: string, signal: AbortSignal, env?: Record<string, string>): Promise<RunningEngine>;
}

export interface RunningEngine {
  endpoint: string;
  stop(): Promise<void>;
}

const docker = (...args: string[]) => promisify(execFile)('docker', args);

function withoutDocker(engine: ProductName, version: string): MatrixEngine {
  return {
    name: `${PRODUCT_NAMES[engine]} ${version} without Docker`,
    product: engine,
    version,
    measured: true,
    async start(folder, signal, env) {
      const dataDir = join(folder, 'data');
      const hooksDir = join(folder, 'ready.d');
      const { endpoint } = await up({ engine, version, port: 0, dataDir, hooksDir, signal, env });
      return { endpoint, stop: async () => void (await down({ dataDir })) };
    },
  };
}

function inDocker(product: 'LocalStack' | 'Floci', version: string): MatrixEngine {
  const repository = product.toLowerCase();
  const image = `${repository}/${repository}:${version}`;
  return {
    name: `${product} ${version} in Docker`,
    product: product === 'Floci' ? 'floci' : 'localstack',
    version,
    measured: false,
    // The images bring 18 or 22; npm's binary of 26 does not run in all of them.
    nodes: ['18', '20', '22', '24'],
    async start(folder) {
      const port = await freePort();
      const name = `ready-hooks-compat-${port}`;
      const mounts = [`${folder}:${folder}`, `${join(folder, 'ready.d')}:/etc/localstack/init/ready.d:ro`];
      const socket = '/var/run/docker.sock:/var/run/docker.sock';
      const volumes = [...mounts, `${NODES}:${NODES}:ro`, socket].flatMap((mount) => ['--volume', mount]);
      const run = ['run', '--detach', '--pull', 'never', '--name', name, '--publish', `127.0.0.1:${port}:4566`];
      await docker(...run, ...volumes, image).catch((cause) => {
        const reason = String(cause.stderr ?? cause)
          .trim()
          .split('\n')
          .at(-1);
        throw new ExpectedError(`${image} does not start: ${reason}`, { cause });
      });
      const stop = async () => {
        // A killed engine would leave the containers of its functions behind.
        await docker('stop', name);
        await docker('rm', name);
      };
      return { endpoint: `http://127.0.0.1:${port}`, stop };
    },
  };
}

/** The Node binaries, installed from their lock. */
export const NODES = join(import.meta.dirname, 'nodes');
export const NODE_VERSIONS = ['18', '20', '22', '24', '26'] as const;
export type NodeVersion = (typeof NODE_VERSIONS)[number];

export const ENGINES: readonly MatrixEngine[] = [
  ...['3.8.1', '4.2.0', '4.8.1', '4.14.0', '2026.3.0'].map((version) => withoutDocker('localstack', version)),
  ...['3.8.1', '4.0.3', '4.2.0', '4.7.0', '4.14.0', '2026.3.0'].map((version) => inDocker('LocalStack', version)),
  withoutDocker('localemu', '1.3.2'),
  withoutDocker('ministack', '1.5.33'),
  inDocker('Floci', '1.7.0'),
];
