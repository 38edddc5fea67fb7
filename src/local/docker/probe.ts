import { run } from '../machine/command.ts';

/** Whether Docker can run LocalStack here, and if not, why, completing "Docker is not used: …". */
export type DockerProbe = { ok: true; version: string; socket: Socket } | { ok: false; reason: string };

/** The Docker socket that LocalStack needs to run functions in containers; `path` is as a container's mount names it. */
export interface Socket {
  path: string;
  /** Set where Lambda functions cannot run in containers with this engine, with the reason. */
  problem?: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Asks Docker's client, its engine and Compose in turn: a client alone is no engine. */
export async function probeDocker(env: NodeJS.ProcessEnv = process.env): Promise<DockerProbe> {
  const ask = (...args: string[]) => run('docker', args, { env, timeoutMs: 10_000 });
  let version: string;
  try {
    version = (await ask('version', '--format', '{{.Server.Version}}')).trim();
  } catch (error) {
    return { ok: false, reason: whyNoEngine(error) };
  }
  if (!version) return { ok: false, reason: 'no Docker engine answers' };
  try {
    await ask('compose', 'version');
  } catch {
    return { ok: false, reason: 'the Compose plugin (docker compose) is not installed' };
  }
  const host =
    env['DOCKER_HOST'] || (await ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}').catch(() => ''));
  return { ok: true, version, socket: socketFor(host.trim(), process.platform) };
}

function whyNoEngine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /ENOENT/.test(message) ? 'there is no docker command' : `no Docker engine answers (${message})`;
}

/**
 * The socket to mount, from the address of Docker's current context. On macOS and Windows the engine runs in a virtual
 * machine (Docker Desktop, Colima, OrbStack, Rancher), where it has the default path whatever the client's is.
 */
export function socketFor(host: string, platform: NodeJS.Platform): Socket {
  if (host === '' || host.startsWith('npipe:')) return { path: DEFAULT_SOCKET };
  if (host.startsWith('unix://')) return { path: platform === 'linux' ? host.slice('unix://'.length) : DEFAULT_SOCKET };
  return {
    path: DEFAULT_SOCKET,
    problem: `the Docker engine is at ${host}, on another machine: ready.d of this one cannot be mounted there`,
  };
}
