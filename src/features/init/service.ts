import { LAST_WITHOUT_TOKEN } from '../../runtime/engine/localstack-versions.ts';

/** The folder of ready hooks in LocalStack. https://docs.localstack.cloud/aws/capabilities/config/initialization-hooks/ */
export const READY_D = '/etc/localstack/init/ready.d';

/** Lines of a compose file, without the indentation of their parent. */
export type Lines = readonly string[];

/**
 * A subfolder for hooks if other mounts are inside ready.d: Docker cannot create their mount points in a read-only mount. LocalStack
 * searches subfolders since 3.6.
 */
export const BESIDE_OTHERS = `${READY_D}/ready-hooks`;

/** Without create_host_path, Docker would create an empty, root-owned folder if ready.d is missing, and no hook would run. */
export const mountAt = (target: string): Lines => [
  '- type: bind',
  '  source: ./init/ready.d',
  `  target: ${target}`,
  '  read_only: true',
  '  bind:',
  '    create_host_path: false',
];

export const healthcheckIn = (folder: string): Lines => [
  '# Waits for every hook: healthy if all succeed, unhealthy as soon as one fails.',
  'healthcheck:',
  '  test:',
  '    - CMD-SHELL',
  '    - |',
  `      cd ${folder}`,
  '      if [ ! -f ready-hooks.mjs ]; then',
  "        echo 'ready-hooks: init/ready.d is not built. Run npx ready-hooks build, then docker compose up again' | tee /proc/1/fd/1",
  '        exit 1',
  '      fi',
  '      exec node ready-hooks.mjs --wait',
  '  interval: 5s',
  '  timeout: 6m',
  '  retries: 1',
];

/** Whether the command of a health check waits for hooks. */
export const waitsForHooks = (command: string) => /--wait|init\/ready|_ministack\/ready/.test(command);

/** The LocalStack service for a compose file without one. */
export const SERVICE: Lines = [
  'localstack:',
  `  image: localstack/localstack:${LAST_WITHOUT_TOKEN}`,
  '  ports:',
  '    - "127.0.0.1:4566:4566"',
  '  environment:',
  "    # LocalStack's default is 1 second per shard, so with 16 shards a record may wait 16 seconds.",
  '    LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: "0.1"',
  '    # Otherwise, if LocalStack 4.14 cannot send its usage events, it stops halfway and leaves the containers of its functions.',
  '    DISABLE_EVENTS: "1"',
  '  volumes:',
  ...indent(mountAt(READY_D), 4),
  '    # LocalStack runs each Lambda function in its own container.',
  '    - "/var/run/docker.sock:/var/run/docker.sock"',
  ...indent(healthcheckIn(READY_D), 2),
];

export function indent(lines: Lines, by: number): string[] {
  return lines.map((line) => (line ? ' '.repeat(by) + line : line));
}
