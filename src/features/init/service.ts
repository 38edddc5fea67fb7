/** The folder of ready hooks in LocalStack. https://docs.localstack.cloud/references/init-hooks */
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
  '      if [ ! -f ready-hooks.cjs ]; then',
  "        echo 'ready-hooks: init/ready.d is not built. Run npx ready-hooks build, then docker compose up again' | tee /proc/1/fd/1",
  '        exit 1',
  '      fi',
  '      # The first check starts with the container; each later one 10 s after the one before.',
  '      [ ! -e /dev/shm/checked ] || sleep 9',
  '      touch /dev/shm/checked',
  '      exec node ready-hooks.cjs --wait',
  '  interval: 1s',
  '  timeout: 6m',
  '  retries: 1',
];

/** Whether the command of a health check waits for hooks. */
export const waitsForHooks = (command: string) => /--wait|init\/ready|_ministack\/ready/.test(command);

export function indent(lines: Lines, by: number): string[] {
  return lines.map((line) => (line ? ' '.repeat(by) + line : line));
}
