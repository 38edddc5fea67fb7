import type { ProductName } from '../../runtime/engine/engine.ts';
import { LAST_WITHOUT_TOKEN } from '../../runtime/engine/localstack-versions.ts';
import { PRODUCTS } from '../../runtime/engine/products.ts';
import { healthcheckIn, indent, type Lines, mountAt, READY_D } from './service.ts';

/** An engine in a compose file. */
export interface ComposeEngine {
  /** Recognises its images. */
  image: RegExp;
  /** Its image has Node.js, so it runs the hooks itself. Otherwise a second service does. */
  hasNode: boolean;
  /** The service for a compose file without one; its name is that of the engine. */
  service: Lines;
  /** A health check for an image without one. */
  healthcheck?: Lines;
}

const PORTS: Lines = ['  ports:', '    - "127.0.0.1:4566:4566"'];
const SOCKET = '    - "/var/run/docker.sock:/var/run/docker.sock"';
const inContainers = (title: string): Lines => [
  `    # ${title} runs each Lambda function in its own container.`,
  SOCKET,
];
const MOUNT = indent(mountAt(READY_D), 4);

const ANSWERS: Lines = [
  'healthcheck:',
  `  test: ["CMD", "python3", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:4566/_localemu/health')"]`,
  '  interval: 1s',
  '  retries: 60',
];

/** The default first. Its versions are those of the compatibility matrix. */
export const COMPOSE_ENGINES: Readonly<Record<ProductName, ComposeEngine>> = {
  localstack: {
    image: /(^|\/)localstack(-pro)?(:|@|$)/,
    hasNode: true,
    service: [
      'localstack:',
      `  image: localstack/localstack:${LAST_WITHOUT_TOKEN}`,
      ...PORTS,
      '  environment:',
      "    # LocalStack's default is 1 second per shard, so with 16 shards a record may wait 16 seconds.",
      '    LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: "0.1"',
      '    # Otherwise, if LocalStack 4.14 cannot send its usage events, it stops halfway and leaves the containers of its functions.',
      '    DISABLE_EVENTS: "1"',
      '  volumes:',
      ...MOUNT,
      ...inContainers('LocalStack'),
      ...indent(healthcheckIn(READY_D), 2),
    ],
  },
  localemu: {
    image: /(^|\/)localemu(:|@|$)/,
    hasNode: false,
    service: [
      'localemu:',
      '  image: localemu/localemu:1.3.2',
      ...PORTS,
      '  volumes:',
      ...inContainers('LocalEmu'),
      ...indent(ANSWERS, 2),
    ],
    healthcheck: ANSWERS,
  },
  ministack: {
    image: /(^|\/)ministack(:|@|$)/,
    hasNode: true,
    service: [
      'ministack:',
      '  image: ministackorg/ministack:1.5.33',
      ...PORTS,
      '  environment:',
      '    # Functions run as processes in this container. With `docker` instead, they need the Docker socket and a shared network.',
      '    LAMBDA_EXECUTOR: local',
      '  volumes:',
      ...MOUNT,
      ...indent(healthcheckIn(READY_D), 2),
    ],
  },
  floci: {
    image: /(^|\/)floci(:|@|$)/,
    hasNode: false,
    service: ['floci:', '  image: floci/floci:1.7.0', ...PORTS, '  volumes:', ...inContainers('Floci')],
  },
};

export const ENGINE_NAMES = Object.keys(COMPOSE_ENGINES) as ProductName[];

/** The engine of an image. */
export function engineOf(image: string): ProductName | undefined {
  return ENGINE_NAMES.find((name) => COMPOSE_ENGINES[name].image.test(image));
}

/** The service that runs the hooks of an engine whose image has no Node.js. */
export const ONE_SHOT = 'pipeline';

export const oneShot = (engine: ProductName, service: string): Lines => [
  `# Runs once, after ${PRODUCTS[engine].title}'s health check passes, and exits with 0 when everything is ready.`,
  `${ONE_SHOT}:`,
  `  image: \${NODE_IMAGE:-node:22-alpine}`,
  '  entrypoint: ["sh", "-c", "for hook in /ready.d/*.sh; do sh \\"$$hook\\" || exit; done"]',
  '  environment:',
  `    AWS_ENDPOINT_URL: http://${service}:4566`,
  '  volumes:',
  ...indent(mountAt('/ready.d'), 4),
  '  depends_on:',
  `    ${service}:`,
  '      condition: service_healthy',
];

/** The lines for a compose file without the engine. */
export function servicesOf(name: ProductName): Lines {
  const { service, hasNode } = COMPOSE_ENGINES[name];
  return hasNode ? service : [...service, '', ...oneShot(name, name)];
}

/** How to start the engine and wait for the hooks. */
export function startCommand(engine: ProductName, service: string): string {
  return COMPOSE_ENGINES[engine].hasNode
    ? 'docker compose up --wait'
    : `docker compose up --wait ${service} && docker compose run --rm ${ONE_SHOT}`;
}
