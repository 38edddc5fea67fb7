import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { run } from '../../local/machine/command.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import type { ComposeFacts, FunctionSetting, MountFacts, ServiceFacts } from './facts.ts';
import { PUBLIC_NAME } from './public-name.ts';

/** The part of `docker compose config --format json` that is read. */
interface Config {
  name?: string;
  services?: Record<string, Service>;
  networks?: Record<string, { name?: string } | null>;
}
interface Service {
  image?: string;
  hostname?: string;
  container_name?: string;
  network_mode?: string;
  networks?: Record<string, unknown>;
  healthcheck?: { test?: string[] | string };
  environment?: Record<string, unknown> | string[];
  volumes?: Volume[];
}
interface Volume {
  type?: string;
  source?: string;
  target?: string;
  read_only?: boolean;
  bind?: { create_host_path?: boolean };
}

/** Reads a compose file with the Docker client, which needs no Docker engine for this. */
export async function readCompose(file: string): Promise<ComposeFacts> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new InvalidInputError(`Compose file ${file} not found. Pass another one with --compose.`);
  const args = ['compose', '--file', path, '--project-directory', dirname(path), 'config', '--format', 'json'];
  const text = await run('docker', args, { env: process.env, timeoutMs: 20_000 }).catch((error) => {
    throw new InvalidInputError(
      `docker compose config cannot read the compose file ${file}: ${error.message}; fix the file, or install the Docker client.`,
      { cause: error },
    );
  });
  return composeFacts(path, JSON.parse(text) as Config, existsSync);
}

/** The part of a compose configuration that affects hooks. */
export function composeFacts(file: string, config: Config, exists: (path: string) => boolean): ComposeFacts {
  const services = Object.entries(config.services ?? {}).map(([name, service]): ServiceFacts => {
    const test = service.healthcheck?.test;
    const environment = variables(service);
    return {
      name,
      image: service.image ?? '',
      ...(test && { healthcheck: Array.isArray(test) ? test.slice(1).join(' ') : test }),
      mounts: mountFacts(service.volumes, exists),
      environment: Object.keys(environment),
      emptyVariables: Object.keys(environment).filter((key) => !environment[key]),
      publicNames: Object.entries({ ...environment, healthcheck: test }).flatMap(([key, value]) =>
        PUBLIC_NAME.test(String(value)) ? key : [],
      ),
      ...functionFacts(service, environment, config),
    };
  });
  return { file, services };
}

/** Compose creates a missing folder only if it prints `create_host_path: true`; for false, it prints `bind: {}`. */
function mountFacts(volumes: Volume[] = [], exists: (path: string) => boolean): MountFacts[] {
  return volumes.map(({ type, source = '', target = '', bind }) => {
    const outer = volumes.find(
      (other) => other.type === 'bind' && other.read_only && target.startsWith(`${other.target?.replace(/\/$/, '')}/`),
    );
    const point = outer && join(outer.source ?? '', target.slice(outer.target?.replace(/\/$/, '').length));
    return {
      source,
      target,
      exists: type !== 'bind' || exists(source),
      createsHostPath: bind?.create_host_path === true,
      ...(outer?.target && point && !exists(point) && { lacksPointIn: outer.target }),
    };
  });
}

const SETTINGS: readonly FunctionSetting[] = ['LAMBDA_DOCKER_NETWORK', 'MAIN_CONTAINER_NAME', 'HOSTNAME_FROM_LAMBDA'];

/** How the containers of functions reach this service. */
function functionFacts(
  { hostname, container_name: containerName, network_mode, networks = { default: null } }: Service,
  environment: Record<string, unknown>,
  { name, networks: all = {} }: Config,
): Pick<ServiceFacts, 'settings' | 'functionsInContainers' | 'hostname' | 'containerName' | 'networks'> {
  const value = (variable: string) => String(environment[variable] ?? '');
  return {
    settings: Object.fromEntries(SETTINGS.map((setting) => [setting, value(setting)])),
    functionsInContainers: ['', 'docker'].includes(value('LAMBDA_RUNTIME_EXECUTOR')),
    ...(hostname && { hostname }),
    ...(containerName && { containerName }),
    ...(!network_mode && {
      networks: Object.keys(networks).map((key) => ({ key, name: all[key]?.name ?? `${name}_${key}` })),
    }),
  };
}

function variables({ environment = {} }: Service): Record<string, unknown> {
  if (!Array.isArray(environment)) return environment;
  return Object.fromEntries(
    environment.map((entry) => [entry.split('=')[0] ?? '', entry.split('=').slice(1).join('=')]),
  );
}
