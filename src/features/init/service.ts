import { LAST_WITHOUT_TOKEN } from '../../runtime/engine/localstack-versions.ts';

/** Where LocalStack looks for ready hooks. https://docs.localstack.cloud/aws/capabilities/config/initialization-hooks/ */
export const READY_D = '/etc/localstack/init/ready.d';

/** Lines of a compose file, without the indentation of where they go. */
export type Lines = readonly string[];

/** Without create_host_path, Docker makes an empty folder of root's where ready.d is missing, and no hook runs. */
export const MOUNT: Lines = [
  '- type: bind',
  '  source: ./init/ready.d',
  `  target: ${READY_D}`,
  '  read_only: true',
  '  bind:',
  '    create_host_path: false',
];

export const HEALTHCHECK: Lines = [
  '# Blocks until every hook has ended: healthy if all went well, unhealthy at once if one failed.',
  'healthcheck:',
  '  test:',
  '    - CMD-SHELL',
  '    - |',
  `      cd ${READY_D}`,
  '      if [ ! -f ready-hooks.mjs ]; then',
  "        echo 'ready-hooks: init/ready.d is not built: run npx ready-hooks build, then docker compose up again' | tee /proc/1/fd/1",
  '        exit 1',
  '      fi',
  '      exec node ready-hooks.mjs --wait',
  '  interval: 5s',
  '  timeout: 6m',
  '  retries: 1',
];

/** A LocalStack service as it is written where there is none. */
export const SERVICE: Lines = [
  'localstack:',
  `  image: localstack/localstack:${LAST_WITHOUT_TOKEN}`,
  '  ports:',
  '    - "127.0.0.1:4566:4566"',
  '  volumes:',
  ...indent(MOUNT, 4),
  '    # LocalStack runs Lambda functions in containers of their own.',
  '    - "/var/run/docker.sock:/var/run/docker.sock"',
  ...indent(HEALTHCHECK, 2),
];

export function indent(lines: Lines, by: number): string[] {
  return lines.map((line) => (line ? ' '.repeat(by) + line : line));
}
