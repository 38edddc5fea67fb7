import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { script } from '../support/cli.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = join(REPO, 'init/10-hallow-events.ts');

// Each test is a separate project with an unchanged copy of docker-compose.yml, on its own port.
let project: string;
let port: number;
let endpoint: string;

beforeAll(async () => {
  const { code, output } = await docker(REPO, 'info', '--format', '{{.ServerVersion}}');
  if (code !== 0) throw new Error(`The Docker checks need a Docker engine, but none answers: ${output}`);
});
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'ready-hooks-docker-'));
  await cp(join(REPO, 'docker-compose.yml'), join(project, 'docker-compose.yml'));
  await cp(join(REPO, 'examples'), join(project, 'examples'), { recursive: true });
  port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await docker(project, 'compose', 'down', '--volumes', '--timeout', '3');
  await rm(project, { recursive: true, force: true });
});

function docker(cwd: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    execFile(
      'docker',
      args,
      { cwd, env: { ...process.env, LOCALSTACK_PORT: String(port) } },
      (error, stdout, stderr) => {
        done({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
      },
    );
  });
}

const compose = (...args: string[]) => docker(project, 'compose', '--ansi', 'never', ...args);
const logs = async (service: string, ...args: string[]) =>
  (await compose('logs', '--no-log-prefix', ...args, service)).output;
const buildExample = () => build({ definitions: [EXAMPLE], outDir: join(project, 'init/ready.d') });

async function delivers(count = 20) {
  const ids = await sendEvents(endpoint, 'hallow-event-stream', count);
  const { counts } = await waitForEvents(endpoint, 'hallow-events', ids);
  expect([...counts.values()]).toEqual(ids.map(() => 1));
  return ids;
}

test('docker compose up --wait returns when the pipeline delivers, also after a restart and after down and up', async () => {
  await buildExample();
  const up = await compose('up', '--wait');
  expect(up.code, up.output).toBe(0);
  const ids = await delivers();

  // The dependent service started after the pipeline was ready, and prints the delivered events.
  await expect.poll(() => logs('consumer'), { timeout: 20_000, interval: 500 }).toContain(ids[19]);
  const readyAt = timeOf(await logs('localstack', '--timestamps'), 'ready-hooks: 10-hallow-events is ready');
  const startedAt = timeOf(await logs('consumer', '--timestamps'), 'consumer started');
  expect(startedAt).toBeGreaterThan(readyAt);

  expect((await compose('restart', '--timeout', '3', 'localstack')).code).toBe(0);
  expect((await compose('up', '--wait')).code).toBe(0);
  await delivers();

  expect((await compose('down', '--timeout', '3')).code).toBe(0);
  expect((await compose('up', '--wait')).code).toBe(0);
  await delivers();
});

test('with PERSISTENCE=1, which only keeps Kinesis, the hook repairs the rest after a restart', async () => {
  await buildExample();
  await writeFile(
    join(project, 'docker-compose.override.yml'),
    'services:\n  localstack:\n    environment:\n      PERSISTENCE: "1"\n',
  );
  expect((await compose('up', '--wait', 'localstack')).code).toBe(0);
  await delivers();
  expect((await compose('restart', '--timeout', '10', 'localstack')).code).toBe(0);
  const again = await compose('up', '--wait', 'localstack');
  expect(again.code, await logs('localstack')).toBe(0);
  await delivers();
});

test('a failed hook makes LocalStack unhealthy within 10 s, with the error in the log', async () => {
  await mkdir(join(project, 'definitions'));
  const missing = join(project, 'definitions', '10-missing.json');
  await writeFile(missing, JSON.stringify({ streams: { missing: { existing: true, wait: { timeoutMs: 500 } } } }));
  await build({ definitions: [missing], outDir: join(project, 'init/ready.d') });
  const { code, output } = await compose('up', '--wait');
  const endedAt = Date.now();
  expect(code, output).not.toBe(0);
  const log = await logs('localstack', '--timestamps');
  expect(log).toContain('ready-hooks: Stream missing was not ready in time: waited for it to be created');
  expect(endedAt - timeOf(log, 'ready-hooks: 10-missing FAILED')).toBeLessThan(10_000);
  expect(await logs('consumer')).not.toContain('consumer started');
});

test('a ready.d that is not built makes LocalStack unhealthy, with an error that says to build', async () => {
  await mkdir(join(project, 'init/ready.d'), { recursive: true });
  const { code } = await compose('up', '--wait');
  expect(code).not.toBe(0);
  expect(await logs('localstack')).toContain('ready-hooks: init/ready.d is not built. Run npx ready-hooks build');
});

test('with exec bits lost in a mount LocalStack cannot run the hook, but the setup in docs/compose.md can', async () => {
  await buildExample();
  await chmod(join(project, 'init/ready.d/10-hallow-events.sh'), 0o644);
  expect((await compose('up', '--wait', 'localstack')).code).not.toBe(0);
  expect(await logs('localstack')).toMatch(/Permission denied.*10-hallow-events\.sh/);
  await compose('down', '--timeout', '3');

  const page = await readFile(join(REPO, 'docs/compose.md'), 'utf8');
  const entrypoint = /^ {6}entrypoint:\n(?: {8}- .*\n)+/m.exec(page)?.[0].replaceAll('\n  ', '\n').slice(2);
  const file = join(project, 'docker-compose.yml');
  const copied = (await readFile(file, 'utf8'))
    .replace('target: /etc/localstack/init/ready.d', 'target: /ready.d')
    .replace('    healthcheck:', `${entrypoint}    healthcheck:`);
  await writeFile(file, copied);
  const { code, output } = await compose('up', '--wait', 'localstack');
  expect(code, output).toBe(0);
  await delivers();
});

test('npm start and npm stop also work with Docker', async () => {
  const env = { LOCALSTACK_PORT: String(port), COMPOSE_PROJECT_NAME: `ready-hooks-start-${port}` };
  const start = () => script('scripts/start.ts', ['--engine', 'docker', '--port', String(port)], { env });
  const first = await start();
  expect(first.stdout, first.stderr).toMatch(/^ready-hooks: 10-hallow-events is ready in .* 4 created$/m);
  expect(first.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  const second = await start();
  expect(second.stdout, second.stderr).toMatch(/all 4 resources unchanged/);
  expect(second.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  const stopped = await script('scripts/stop.ts', ['--port', String(port)], { env });
  expect(stopped).toMatchObject({ code: 0, stdout: 'LocalStack in Docker stopped.\n' });
});

test('without the folder nothing starts, and Docker does not create it', async () => {
  const { code, output } = await compose('up', '--wait');
  expect(code).not.toBe(0);
  expect(output).toMatch(/init\/ready\.d/);
});

/** The timestamp of the first log line that contains a string, in milliseconds. */
function timeOf(log: string, text: string): number {
  const line = log.split('\n').find((each) => each.includes(text));
  expect(line, `no line with "${text}" in\n${log}`).toBeDefined();
  return Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line ?? '')?.[0] ?? '');
}
