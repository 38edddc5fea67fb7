import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { run } from '../../local/machine/command.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import type { ComposeFacts, ServiceFacts } from './facts.ts';

/** What of `docker compose config --format json` is read. */
interface Config {
  services?: Record<string, Service>;
}
interface Service {
  image?: string;
  healthcheck?: { test?: string[] | string };
  environment?: Record<string, unknown> | string[];
  volumes?: { type?: string; source?: string; target?: string; bind?: { create_host_path?: boolean } }[];
}

/** Reads a compose file by Docker's own client, which needs no Docker engine for it. */
export async function readCompose(file: string): Promise<ComposeFacts> {
  const path = resolve(file);
  if (!existsSync(path)) throw new InvalidInputError(`There is no compose file ${file}: name another with --compose.`);
  const args = ['compose', '--file', path, '--project-directory', dirname(path), 'config', '--format', 'json'];
  const text = await run('docker', args, { env: process.env, timeoutMs: 20_000 }).catch((error) => {
    throw new InvalidInputError(
      `The compose file ${file} could not be read by docker compose config: ${error.message}; mend it, or install the client of Docker.`,
      { cause: error },
    );
  });
  return composeFacts(path, JSON.parse(text) as Config, existsSync);
}

/** The part of a compose configuration that bears on hooks. */
export function composeFacts(file: string, config: Config, exists: (path: string) => boolean): ComposeFacts {
  const services = Object.entries(config.services ?? {}).map(([name, service]): ServiceFacts => {
    const test = service.healthcheck?.test;
    const environment = service.environment ?? {};
    return {
      name,
      image: service.image ?? '',
      ...(test && { healthcheck: Array.isArray(test) ? test.slice(1).join(' ') : test }),
      mounts: (service.volumes ?? []).map(({ type, source = '', target = '', bind }) => ({
        source,
        target,
        exists: type !== 'bind' || exists(source),
        createsHostPath: bind?.create_host_path !== false,
      })),
      environment: Array.isArray(environment)
        ? environment.map((entry) => entry.split('=')[0] ?? '')
        : Object.keys(environment),
    };
  });
  return { file, services };
}
