import { compareVersions, LAST_WITHOUT_TOKEN, TOKEN_SINCE } from '../../runtime/engine/localstack-versions.ts';
import { COMPOSE_ENGINES, engineOf } from '../init/engines.ts';
import { BESIDE_OTHERS, waitsForHooks } from '../init/service.ts';
import { type Finding, finding } from './catalog.ts';
import { functionsCannotReach } from './compose-functions.ts';
import type { ComposeFacts, ServiceFacts } from './facts.ts';
import { publicNameIn } from './public-name.ts';

const TARGET = '/etc/localstack/init/ready.d';
const KNOWN_TARGETS = /^\/etc\/localstack\/init(\/(boot|start|ready|shutdown)\.d)?(\/|$)/;

/** Finds problems in a compose file before it is started. Checks only services with a LocalStack image. */
export function diagnoseCompose(compose: ComposeFacts | undefined): Finding[] {
  if (!compose) return [];
  const engine = compose.services.find(isEngine);
  const names = compose.services.flatMap((service) => publicNameIn(service, engine?.name));
  if (!engine) return [noEngine(compose), ...names];
  const localStacks = compose.services.filter(({ image }) => isLocalStack(image));
  const withHooks = localStacks.filter(({ mounts }) => mounts.some(isHookMount));
  const others = localStacks.filter((service) => !withHooks.includes(service));
  return [
    ...withHooks.flatMap((service) => [token(service), ...mounts(service), health(service)]),
    ...compose.services.filter(({ mounts }) => mounts.some(isHookMount)).map(noNode),
    ...others.map(token),
    ...localStacks.flatMap(functionsCannotReach),
    ...localStacks.flatMap(noMountPoint),
    ...names,
  ].flatMap((found) => found ?? []);
}

/** Whether a finding about the compose file reports that this folder is missing. */
export function reportsMissing(folder: string, compose: ComposeFacts | undefined): boolean {
  return diagnoseCompose(compose).some(({ code, evidence }) => code === 'RH307' && evidence === missing(folder));
}

const missing = (source: string) => `${source} does not exist`;

function noEngine({ file, services }: ComposeFacts): Finding {
  return finding(
    'RH403',
    `compose file ${file}`,
    'No service in the compose file runs LocalStack or a compatible engine.',
    services.map(({ name, image }) => `service ${name}: ${image || 'no image'}`).join(', ') || 'no services',
    `add a service with the image localstack/localstack:${LAST_WITHOUT_TOKEN}; npx ready-hooks init does that`,
  );
}

export const TOKEN_FIX = `use localstack/localstack:${LAST_WITHOUT_TOKEN}, the last version that needs no token, or pass LOCALSTACK_AUTH_TOKEN`;

function token({ name, image, environment, emptyVariables }: ServiceFacts): Finding | undefined {
  const passed = environment.includes('LOCALSTACK_AUTH_TOKEN');
  const isEmpty = emptyVariables.includes('LOCALSTACK_AUTH_TOKEN');
  if (!needsToken(image) || (passed && !isEmpty)) return undefined;
  return finding(
    'RH402',
    `service ${name}`,
    `The image ${image} needs LOCALSTACK_AUTH_TOKEN (since ${TOKEN_SINCE}), but ${isEmpty ? 'it is empty' : 'the service does not pass one'}.`,
    `image ${image}, environment ${environment.join(', ') || 'empty'}`,
    TOKEN_FIX,
  );
}

/** Also `latest-arm64` and `stable-amd64`, which follow them. */
function needsToken(image: string): boolean {
  const tag = tagOf(image);
  return /localstack-pro/.test(image) || /^(latest|stable)(-|$)/.test(tag) || isNewer(tag);
}

const isNewer = (tag: string) => /^\d/.test(tag) && compareVersions(tag, LAST_WITHOUT_TOKEN) > 0;

function mounts({ name, mounts }: ServiceFacts): (Finding | undefined)[] {
  return mounts.filter(isHookMount).map(({ source, target, exists, createsHostPath }) => {
    if (!KNOWN_TARGETS.test(target))
      return finding(
        'RH304',
        `service ${name}`,
        `Hooks are mounted at ${target}, but LocalStack does not run hooks from there.`,
        `${source}:${target}`,
        `mount them at ${TARGET}`,
      );
    if (exists) return undefined;
    const created = createsHostPath ? '; Docker would create an empty, root-owned folder there' : '';
    return finding(
      'RH307',
      `service ${name}`,
      `The folder mounted at ${target} does not exist${created}.`,
      missing(source),
      `run npx ready-hooks build${createsHostPath ? ', and set create_host_path: false so that Docker reports a missing folder' : ''}`,
    );
  });
}

function noMountPoint({ name, mounts }: ServiceFacts): Finding[] {
  return mounts.flatMap(({ source, target, lacksPointIn: outer }) => {
    if (!outer) return [];
    return finding(
      'RH405',
      `service ${name}`,
      `${target} is inside ${outer}, which is mounted read-only, so Docker cannot create the mount point and the container does not start.`,
      `${source}:${target}`,
      `mount the folder of ready-hooks at ${BESIDE_OTHERS} instead of ${outer}, also in the health check; or move ${source} into that folder and remove its mount`,
    );
  });
}

function noNode({ name, image }: ServiceFacts): Finding | undefined {
  const engine = engineOf(image);
  const isSmall = engine === 'localstack' && tagOf(image).startsWith('s3');
  if (!engine || (COMPOSE_ENGINES[engine].hasNode && !isSmall)) return undefined;
  return finding(
    'RH305',
    `service ${name}`,
    `The image ${image} has no Node.js, which hooks need.`,
    `image ${image}`,
    isSmall
      ? `use localstack/localstack:${LAST_WITHOUT_TOKEN}`
      : 'remove the mount, and run the hooks in a second service, which npx ready-hooks init adds',
  );
}

function health({ name, healthcheck }: ServiceFacts): Finding | undefined {
  if (healthcheck && waitsForHooks(healthcheck)) return undefined;
  return finding(
    'RH401',
    `service ${name}`,
    'The container becomes healthy before its hooks finish, so services that depend on it start too early.',
    healthcheck === undefined
      ? "no healthcheck; the image's default does not wait for hooks"
      : `healthcheck: ${healthcheck.slice(0, 120)}`,
    'run node ready-hooks.cjs --wait as the health check; npx ready-hooks init adds or prints a complete one',
  );
}

/** A mount meant for hooks, even at the path of an old version or with a typo. */
const isHookMount = ({ target }: ServiceFacts['mounts'][number]) =>
  /ready\.?d?(\/|$)|init(aws)?\.d|\/init(\/|$)/.test(target);

/** Recognises a custom image by the hooks mounted into it. */
const isEngine = ({ image, mounts }: ServiceFacts) => engineOf(image) !== undefined || mounts.some(isHookMount);

const isLocalStack = (image: string) => engineOf(image) === 'localstack';

const tagOf = (image: string) => /:([\w.-]+)(@|$)/.exec(image)?.[1] ?? 'latest';
