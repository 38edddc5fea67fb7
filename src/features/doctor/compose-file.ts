import { behaviourOf, LAST_WITHOUT_TOKEN, TOKEN_SINCE } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, finding } from './catalog.ts';
import type { ComposeFacts, ServiceFacts } from './facts.ts';

const TARGET = '/etc/localstack/init/ready.d';
const KNOWN_TARGETS = /^\/etc\/localstack\/init(\/(boot|start|ready|shutdown)\.d)?(\/|$)/;

/** What a compose file will do, before it is started. Only services with an image of LocalStack are diagnosed. */
export function diagnoseCompose(compose: ComposeFacts | undefined): Finding[] {
  if (!compose) return [];
  if (!compose.services.some(isEngine)) return [noEngine(compose)];
  const localStacks = compose.services.filter(({ image }) => isLocalStack(image));
  const withHooks = localStacks.filter(({ mounts }) => mounts.some(isHookMount));
  const others = localStacks.filter((service) => !withHooks.includes(service));
  return [
    ...withHooks.flatMap((service) => [token(service), ...mounts(service), noNode(service), health(service)]),
    ...others.map(token),
  ].flatMap((found) => found ?? []);
}

function noEngine({ file, services }: ComposeFacts): Finding {
  return finding(
    'RH403',
    `compose file ${file}`,
    'No service of the compose file is an engine.',
    services.map(({ name, image }) => `service ${name}: ${image || 'no image'}`).join(', ') || 'no services',
    `add one with the image localstack/localstack:${LAST_WITHOUT_TOKEN}: ready-hooks init does`,
  );
}

function token({ name, image, environment }: ServiceFacts): Finding | undefined {
  const tag = tagOf(image);
  const needed = ['latest', 'stable'].includes(tag) || behaviourOf(tag)?.tokenNeeded || /localstack-pro/.test(image);
  if (!needed || environment.includes('LOCALSTACK_AUTH_TOKEN')) return undefined;
  return finding(
    'RH402',
    `service ${name}`,
    `Since ${TOKEN_SINCE} the image ${image} needs LOCALSTACK_AUTH_TOKEN, and none is passed.`,
    `image ${image}, environment ${environment.join(', ') || 'empty'}`,
    `use localstack/localstack:${LAST_WITHOUT_TOKEN}, the last that needs none, or pass LOCALSTACK_AUTH_TOKEN`,
  );
}

function mounts({ name, mounts }: ServiceFacts): (Finding | undefined)[] {
  return mounts.filter(isHookMount).map(({ source, target, exists, createsHostPath }) => {
    if (!KNOWN_TARGETS.test(target))
      return finding(
        'RH304',
        `service ${name}`,
        `Hooks are mounted at ${target}, where LocalStack does not look.`,
        `${source}:${target}`,
        `mount them at ${TARGET}`,
      );
    if (exists) return undefined;
    const made = createsHostPath ? "; Docker makes an empty folder of root's in its place" : '';
    return finding(
      'RH307',
      `service ${name}`,
      `What is mounted at ${target} is not there${made}.`,
      `${source} does not exist`,
      'ready-hooks build, and create_host_path: false so that Docker says so',
    );
  });
}

function noNode({ name, image }: ServiceFacts): Finding | undefined {
  if (!tagOf(image).startsWith('s3')) return undefined;
  return finding(
    'RH305',
    `service ${name}`,
    `The image ${image} has no node, which the hook needs.`,
    `image ${image}`,
    `use localstack/localstack:${LAST_WITHOUT_TOKEN}`,
  );
}

function health({ name, healthcheck }: ServiceFacts): Finding | undefined {
  if (healthcheck && /--wait|init\/ready|_ministack\/ready/.test(healthcheck)) return undefined;
  return finding(
    'RH401',
    `service ${name}`,
    'The container is healthy before its hooks have ended, so services that depend on it start too early.',
    healthcheck === undefined
      ? "no healthcheck; the image's own does not wait for hooks"
      : `healthcheck: ${healthcheck.slice(0, 120)}`,
    'take the healthcheck of docker-compose.yml: node ready-hooks.mjs --wait',
  );
}

/** A mount that is meant for hooks, also at places of old versions or with a typing error. */
const isHookMount = ({ target }: ServiceFacts['mounts'][number]) =>
  /ready\.?d?(\/|$)|init(aws)?\.d|\/init(\/|$)/.test(target);

/** An image of the user's own is known by the hooks that are mounted into it. */
const isEngine = ({ image, mounts }: ServiceFacts) =>
  isLocalStack(image) || /ministack|floci/i.test(image) || mounts.some(isHookMount);

const isLocalStack = (image: string) => /(^|\/)localstack(-pro)?(:|@|$)/.test(image);

const tagOf = (image: string) => /:([\w.-]+)(@|$)/.exec(image)?.[1] ?? 'latest';
