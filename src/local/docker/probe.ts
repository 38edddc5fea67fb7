import { run } from '../machine/command.ts';

/** Whether Docker can run LocalStack here; if not, the reason, to complete "LocalStack without Docker: …". */
export type DockerProbe = { ok: true; version: string; socket: Socket } | { ok: false; reason: string };

/** The Docker socket that LocalStack needs to run functions in containers; `path` is the path to mount. */
export interface Socket {
  path: string;
  /** Why Lambda functions cannot run in containers with this Docker engine, if so. */
  problem?: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Checks Docker's client, its engine and Compose in turn: a client does not prove that an engine runs. */
export async function probeDocker(env: NodeJS.ProcessEnv = process.env): Promise<DockerProbe> {
  const ask = (...args: string[]) => run('docker', args, { env, timeoutMs: 10_000 });
  let version: string;
  try {
    version = (await ask('version', '--format', '{{.Server.Version}}')).trim();
  } catch (error) {
    return { ok: false, reason: whyNoEngine(error) };
  }
  if (!version) return { ok: false, reason: 'the Docker engine is not running' };
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
  return /ENOENT/.test(message) ? 'docker is not installed' : `the Docker engine does not answer (${message})`;
}

/**
 * The socket to mount, from the address of Docker's current context. On macOS and Windows the engine runs in a virtual
 * machine (Docker Desktop, Colima, OrbStack, Rancher), where the socket always has the default path.
 */
export function socketFor(host: string, platform: NodeJS.Platform): Socket {
  if (host === '' || host.startsWith('npipe:')) return { path: DEFAULT_SOCKET };
  if (host.startsWith('unix://')) return { path: platform === 'linux' ? host.slice('unix://'.length) : DEFAULT_SOCKET };
  return {
    path: DEFAULT_SOCKET,
    problem: `the Docker engine runs on another machine (${host}), which cannot mount this machine's ready.d`,
  };
}
