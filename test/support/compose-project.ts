import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { sendEvents, waitForEvents } from './events.ts';

export const REPO = fileURLToPath(new URL('../..', import.meta.url));
export const EXAMPLE = join(REPO, 'init/10-hallow-events.ts');

export interface Ended {
  code: number;
  output: string;
}

export type ComposeProject = Awaited<ReturnType<typeof composeProject>>;

export async function needDocker(): Promise<void> {
  const { code, output } = await docker('info', '--format', '{{.ServerVersion}}');
  if (code !== 0) throw new Error(`These checks need a Docker engine, but none answers: ${output}`);
}

export function docker(...args: string[]): Promise<Ended> {
  return run(args, {});
}

/** A Compose project in a folder of its own: an unchanged copy of docker-compose.yml, on a free port. */
export async function composeProject() {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-docker-'));
  for (const path of ['docker-compose.yml', 'examples'])
    await cp(join(REPO, path), join(folder, path), { recursive: true });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const name = basename(folder).toLowerCase();
  const env = { COMPOSE_PROJECT_NAME: name, LOCALSTACK_PORT: String(port) };
  // The file's own interval, with which commands.test.ts runs, keeps a fifth of a core busy for each mapping.
  const slower = { LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.5' };
  const compose = (...args: string[]) =>
    run(['compose', '--ansi', 'never', ...args], { cwd: folder, env: { ...env, ...slower } });
  const logs = async (service: string, ...args: string[]) =>
    (await compose('logs', '--no-log-prefix', ...args, service)).output;

  return {
    folder,
    port,
    endpoint,
    env,
    container: `${name}-localstack-1`,
    compose,
    logs,
    build: (...definitions: string[]) =>
      build({ definitions: definitions.length ? definitions : [EXAMPLE], outDir: join(folder, 'init/ready.d') }),
    /** Starts the services and fails with the log of LocalStack if they do not become healthy. */
    async up(...services: string[]): Promise<void> {
      const { code, output } = await compose('up', '--wait', ...services);
      expect(code, output + (code === 0 ? '' : await logs('localstack'))).toBe(0);
    },
    /** Changes the service of LocalStack: `override({ environment: { PERSISTENCE: '1' } })`. */
    override: (localstack: object) =>
      writeFile(join(folder, 'docker-compose.override.yml'), JSON.stringify({ services: { localstack } })),
    /** Sends events to the example's stream and expects each in its bucket exactly once. */
    async delivers({ count = 20, timeoutMs = 60_000 } = {}): Promise<string[]> {
      const ids = await sendEvents(endpoint, 'hallow-event-stream', count);
      const { counts } = await waitForEvents(endpoint, 'hallow-events', ids, { timeoutMs });
      expect([...counts.values()]).toEqual(ids.map(() => 1));
      return ids;
    },
    /** The containers of functions that LocalStack started, running or not. */
    functions: async () => (await functionContainers(name)).output.split('\n').filter(Boolean),
    async remove(): Promise<void> {
      // A killed LocalStack leaves its functions running, and their containers keep the network.
      const left = (await functionContainers(name)).output.split('\n').filter(Boolean);
      if (left.length > 0) await docker('rm', '--force', ...left);
      await compose('down', '--volumes', '--timeout', '3');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The timestamp of the first line of a log that contains a text, in milliseconds. */
export function timeOf(log: string, text: string): number {
  const line = log.split('\n').find((each) => each.includes(text));
  expect(line, `no line with "${text}" in\n${log}`).toBeDefined();
  return Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line ?? '')?.[0] ?? '');
}

function functionContainers(project: string): Promise<Ended> {
  return docker('ps', '--all', '--filter', `name=^${project}-localstack-1-lambda-`, '--format', '{{.Names}}');
}

function run(args: string[], { cwd, env }: { cwd?: string; env?: Record<string, string> }): Promise<Ended> {
  return new Promise((done) => {
    execFile('docker', args, { cwd, env: { ...process.env, ...env }, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}
