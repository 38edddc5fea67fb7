import { behaviourOf, LAST_WITHOUT_TOKEN, TOKEN_SINCE } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, finding } from './catalog.ts';
import type { ComposeFacts, ServiceFacts } from './facts.ts';

const TARGET = '/etc/localstack/init/ready.d';
const KNOWN_TARGETS = /^\/etc\/localstack\/init(\/(boot|start|ready|shutdown)\.d)?(\/|$)/;

/** What a compose file will do, before it is started. Only services with an image of LocalStack are looked at. */
export function diagnoseCompose(compose: ComposeFacts | undefined): Finding[] {
  if (!compose) return [];
  if (!compose.services.some(isEngine))
    return [
      finding(
        'RH403',
        `compose file ${compose.file}`,
        'No service of the compose file is an engine.',
        compose.services.map(({ name, image }) => `service ${name}: ${image || 'no image'}`).join(', ') ||
          'no services',
        `add one with the image localstack/localstack:${LAST_WITHOUT_TOKEN}: ready-hooks init does`,
      ),
    ];
  return compose.services
    .filter((service) => isLocalStack(service.image) && service.mounts.some(isHookMount))
    .flatMap((service) => [
      ...token(service),
      ...mounts(service),
      ...(tagOf(service.image).startsWith('s3') ? [noNode(service)] : []),
      ...health(service),
    ])
    .concat(
      compose.services.flatMap((service) =>
        isLocalStack(service.image) && !service.mounts.some(isHookMount) ? token(service) : [],
      ),
    );
}

function token(service: ServiceFacts): Finding[] {
  const tag = tagOf(service.image);
  const needs =
    tag === 'latest' || tag === 'stable' || behaviourOf(tag)?.tokenNeeded || /localstack-pro/.test(service.image);
  if (!needs || service.environment.includes('LOCALSTACK_AUTH_TOKEN')) return [];
  return [
    finding(
      'RH402',
      `service ${service.name}`,
      `Since ${TOKEN_SINCE} the image ${service.image} needs LOCALSTACK_AUTH_TOKEN, and none is passed.`,
      `image ${service.image}, environment ${service.environment.join(', ') || 'empty'}`,
      `use localstack/localstack:${LAST_WITHOUT_TOKEN}, the last that needs none, or pass LOCALSTACK_AUTH_TOKEN`,
    ),
  ];
}

function mounts(service: ServiceFacts): Finding[] {
  return service.mounts.filter(isHookMount).flatMap(({ source, target, exists, createsHostPath }) => {
    if (!KNOWN_TARGETS.test(target))
      return [
        finding(
          'RH304',
          `service ${service.name}`,
          `Hooks are mounted at ${target}, where LocalStack does not look.`,
          `${source}:${target}`,
          `mount them at ${TARGET}`,
        ),
      ];
    if (exists) return [];
    const made = createsHostPath ? "; Docker makes an empty folder of root's in its place" : '';
    return [
      finding(
        'RH307',
        `service ${service.name}`,
        `What is mounted at ${target} is not there${made}.`,
        `${source} does not exist`,
        'ready-hooks build, and create_host_path: false so that Docker says so',
      ),
    ];
  });
}

function noNode(service: ServiceFacts): Finding {
  return finding(
    'RH305',
    `service ${service.name}`,
    `The image ${service.image} has no node, which the hook needs.`,
    `image ${service.image}`,
    `use localstack/localstack:${LAST_WITHOUT_TOKEN}`,
  );
}

function health(service: ServiceFacts): Finding[] {
  const check = service.healthcheck;
  if (check !== undefined && (/--wait/.test(check) || /init\/ready|_ministack\/ready/.test(check))) return [];
  return [
    finding(
      'RH401',
      `service ${service.name}`,
      'The container is healthy before its hooks have ended, so services that depend on it start too early.',
      check === undefined
        ? "no healthcheck; the image's own does not wait for hooks"
        : `healthcheck: ${check.slice(0, 120)}`,
      'take the healthcheck of docker-compose.yml: node ready-hooks.mjs --wait',
    ),
  ];
}

/** A mount that is meant for hooks, also at places of old versions or with a typing error. */
function isHookMount({ target }: ServiceFacts['mounts'][number]): boolean {
  return /ready\.?d?(\/|$)|init(aws)?\.d|\/init(\/|$)/.test(target);
}

/** An image of the user's own is known by the hooks that are mounted into it. */
function isEngine({ image, mounts }: ServiceFacts): boolean {
  return isLocalStack(image) || /ministack|floci/i.test(image) || mounts.some(isHookMount);
}

function isLocalStack(image: string): boolean {
  return /(^|\/)localstack(-pro)?(:|@|$)/.test(image);
}

function tagOf(image: string): string {
  return /:([\w.-]+)(@|$)/.exec(image)?.[1] ?? 'latest';
}
