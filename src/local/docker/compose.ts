import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, ExpectedError } from '../../runtime/errors.ts';
import type { Image } from '../choose-engine.ts';
import { type CommandError, run } from '../machine/command.ts';
import type { Socket } from './probe.ts';

/** The service of docker-compose.yml that is the engine. */
const SERVICE = 'localstack';

/** The port on which LocalStack listens in its container. */
const CONTAINER_PORT = 4566;

export interface ComposeOptions {
  /** The folder of docker-compose.yml. Default: the current folder. */
  cwd?: string;
  /** The name of the Compose project. Default: Compose's. */
  project?: string | undefined;
  /** The port on this machine, 0 for any free one. Default: the one that docker-compose.yml publishes. */
  port?: number | undefined;
  socket: Socket;
  onProgress?: ((message: string) => void) | undefined;
  /** Each line of the container's log, while it starts. */
  onLog?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Checks that a Compose file publishes the service on the port, and pulls its image if needed; otherwise returns the reason. */
export async function ensureImage(options: ComposeOptions): Promise<Image> {
  let image: string;
  let published: Published;
  try {
    image = (await compose(options, 'config', '--images', SERVICE)).trim().split('\n')[0] ?? '';
    published = await configuredPort(options);
  } catch (error) {
    return obstacle(`this folder has no docker-compose.yml with a service ${SERVICE}`, error, options);
  }
  const otherPort = portObstacle(published, options.port);
  if (otherPort) return { missing: otherPort };
  if (await run('docker', ['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => undefined)) return 'here';
  options.onProgress?.(`pulling ${image} (once, about 500 MB)`);
  try {
    await compose(options, 'pull', '--quiet', SERVICE);
    return 'pulled';
  } catch (error) {
    return obstacle(`its image ${image} cannot be pulled`, error, options);
  }
}

function obstacle(what: string, error: unknown, { signal }: ComposeOptions): Image {
  if (signal?.aborted) throw error;
  return { missing: `${what} (${(error as CommandError).message})` };
}

/** A port of this machine, `any` if Docker chooses one, `none` if no port is published. */
export type Published = number | 'any' | 'none';

interface Config {
  services?: Record<string, { ports?: { target?: number; published?: string }[]; network_mode?: string }>;
}

/** Where a Compose configuration publishes the engine. https://docs.docker.com/reference/compose-file/services/#ports */
export function publishedPort({ services }: Config): Published {
  const { ports = [], network_mode } = services?.[SERVICE] ?? {};
  if (network_mode === 'host') return CONTAINER_PORT;
  const found = ports.find(({ target }) => target === CONTAINER_PORT);
  if (!found) return 'none';
  return /^[1-9]\d*$/.test(found.published ?? '') ? Number(found.published) : 'any';
}

/** Why the engine would not listen on the wanted port; `undefined` if it would. */
export function portObstacle(published: Published, wanted: number | undefined): string | undefined {
  if (published === 'none')
    return `the service ${SERVICE} of docker-compose.yml publishes no port for ${CONTAINER_PORT}`;
  if (!wanted || wanted === published) return;
  return `docker-compose.yml publishes ${published === 'any' ? 'any free port' : published}, not ${wanted} (publish 127.0.0.1:\${LOCALSTACK_PORT:-4566}:${CONTAINER_PORT} there to make --port work)`;
}

/** The port of this machine on which the engine listens, or will listen once it is up. */
export async function portOf(options: ComposeOptions): Promise<Published> {
  const bound = await compose(options, 'port', SERVICE, String(CONTAINER_PORT)).catch(() => '');
  const [, port] = /:([1-9]\d*)\s*$/.exec(bound) ?? [];
  return port ? Number(port) : configuredPort(options);
}

async function configuredPort(options: ComposeOptions): Promise<Published> {
  return publishedPort(JSON.parse(await compose(options, 'config', '--format', 'json', SERVICE)));
}

/** Whether the engine's container is already running. */
export async function isRunning(options: ComposeOptions): Promise<boolean> {
  const services = await compose(options, 'ps', '--services', '--status', 'running');
  return services.split('\n').includes(SERVICE);
}

/** `docker compose up --wait`: ends when the container is healthy, that is, when its hooks have succeeded. */
export async function composeUp(options: ComposeOptions): Promise<void> {
  const logs = followLogs(options);
  try {
    await compose(options, 'up', '--detach', '--wait', SERVICE);
  } catch (error) {
    if (options.signal?.aborted) throw new AbortedError('The start of LocalStack in Docker was stopped.');
    if (!logs.hasPassed()) await passWholeLog(options);
    throw new ExpectedError(
      `LocalStack in Docker did not become healthy: ${(error as CommandError).message}. See the hook's error above, or run docker compose logs ${SERVICE}.`,
      { cause: error },
    );
  } finally {
    logs.stop();
  }
}

/** Removes the engine's container and those of its functions; leaves the project's other services alone. Returns false if there is none. */
export async function composeDown(options: ComposeOptions): Promise<boolean> {
  const containers = await compose(options, 'ps', '--all', '--quiet', SERVICE).catch(() => '');
  const [container] = containers.trim().split('\n');
  if (!container) return false;
  await compose(options, 'stop', SERVICE);
  await removeFunctions(container, options);
  await compose(options, 'down', SERVICE);
  return true;
}

/** LocalStack removes the containers of its functions when it stops, but not if it is killed; they would keep its network, too. */
async function removeFunctions(container: string, { signal }: ComposeOptions): Promise<void> {
  const engine = (await run('docker', ['inspect', '--format', '{{.Name}}', container], { signal })).trim();
  const left = await run('docker', ['ps', '--all', '--quiet', '--filter', `name=^${engine}-lambda-`], { signal });
  const ids = left.split('\n').filter(Boolean);
  if (ids.length > 0) await run('docker', ['rm', '--force', '--volumes', ...ids], { signal });
}

function compose(options: ComposeOptions, ...args: string[]): Promise<string> {
  const { cwd = process.cwd(), project, port, socket, signal } = options;
  const env = {
    ...process.env,
    ...(project !== undefined && { COMPOSE_PROJECT_NAME: project }),
    ...(port !== undefined && { LOCALSTACK_PORT: String(port) }),
    DOCKER_SOCKET: socket.path,
  };
  return run('docker', ['compose', ...args], { cwd, env, signal });
}

/** Passes on the container's log as it is written; by `docker logs`, as Compose puts control characters before each line. */
function followLogs(options: ComposeOptions) {
  const { onLog } = options;
  // Of this start only: a restarted container keeps its earlier log.
  const since = new Date().toISOString();
  let stopped = false;
  let passed = false;
  let child: ReturnType<typeof spawn> | undefined;
  const follow = async () => {
    let container = '';
    while (!container && !stopped) {
      container = (await compose(options, 'ps', '--quiet', SERVICE).catch(() => '')).trim();
      if (!container) await sleep(200);
    }
    if (stopped) return;
    child = spawn('docker', ['logs', '--follow', '--since', since, container], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        passed = true;
        onLog?.(line);
      });
  };
  if (onLog) void follow();
  return {
    hasPassed: () => passed,
    stop: () => {
      stopped = true;
      child?.kill();
    },
  };
}

/** For a container that was unhealthy before: its hook wrote the reason then. */
async function passWholeLog(options: ComposeOptions): Promise<void> {
  const container = (await compose(options, 'ps', '--all', '--quiet', SERVICE).catch(() => '')).trim();
  const log = await run('docker', ['logs', container]).catch(() => '');
  for (const line of log.split('\n')) options.onLog?.(line);
}
