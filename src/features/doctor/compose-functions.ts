import { type Finding, finding } from './catalog.ts';
import type { ServiceFacts } from './facts.ts';

/** LocalStack's name for its own container, unless MAIN_CONTAINER_NAME is set. */
const DEFAULT_CONTAINER_NAME = 'localstack-main';

/** Settings that keep the containers of functions from reaching LocalStack. With the host's network, they reach it anyway. */
export function functionsCannotReach(service: ServiceFacts): Finding[] {
  const { networks, functionsInContainers } = service;
  if (!functionsInContainers || !networks) return [];
  return [unknownHostname(service), otherNetwork(service)].flatMap((found) => found ?? []);
}

/** LocalStack finds its own container by its hostname, which by default is the container's ID. */
function unknownHostname({ name, hostname, containerName, settings }: ServiceFacts): Finding | undefined {
  const { MAIN_CONTAINER_NAME: mainName, HOSTNAME_FROM_LAMBDA: address } = settings;
  if (!hostname || hostname === containerName || mainName || address || containerName === DEFAULT_CONTAINER_NAME)
    return undefined;
  return finding(
    'RH404',
    `service ${name}`,
    'LocalStack finds its own container by its hostname. With another hostname, functions start but never reach LocalStack, so nothing is delivered.',
    `hostname: ${hostname}, ${containerName ? `container_name: ${containerName}` : 'no container_name'}, no MAIN_CONTAINER_NAME`,
    containerName
      ? `remove hostname, or set MAIN_CONTAINER_NAME: ${containerName}`
      : 'remove hostname, or set container_name and MAIN_CONTAINER_NAME to the same name',
  );
}

function otherNetwork({ name, networks = [], settings }: ServiceFacts): Finding | undefined {
  const [wanted = ''] = (settings.LAMBDA_DOCKER_NETWORK ?? '').split(',');
  // The prefix is the project's name, which may be another when the service is started.
  const isOn = networks.some((network) => network.name === wanted || wanted.endsWith(`_${network.key}`));
  if (!wanted || isOn) return undefined;
  return finding(
    'RH404',
    `service ${name}`,
    `LAMBDA_DOCKER_NETWORK names a network that the service is not on, so functions never reach LocalStack and nothing is delivered.`,
    `LAMBDA_DOCKER_NETWORK: ${wanted}; the service is on ${networks.map((network) => network.name).join(', ') || 'no network'}`,
    'remove LAMBDA_DOCKER_NETWORK (LocalStack then uses its own network), or set it to the name that docker network ls shows',
  );
}
