import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { script } from '../support/cli.ts';
import { type ComposeProject, composeProject, needDocker, REPO } from '../support/compose-project.ts';

// Each test is a separate project with an unchanged copy of docker-compose.yml, on its own port.
let project: ComposeProject;

beforeAll(needDocker);
beforeEach(async () => {
  project = await composeProject();
});
afterEach(() => project.remove());

test('docker compose up --wait returns when the pipeline delivers, also after a restart and after down and up', async () => {
  await project.build();
  await project.up();
  const ids = await project.delivers();

  // The dependent service started after the pipeline was ready, and prints the delivered events.
  await expect.poll(() => project.logs('consumer'), { timeout: 20_000, interval: 500 }).toContain(ids[19]);
  const readyAt = timeOf(await project.logs('localstack', '--timestamps'), 'ready-hooks: 10-hallow-events is ready');
  const startedAt = timeOf(await project.logs('consumer', '--timestamps'), 'consumer started');
  expect(startedAt).toBeGreaterThan(readyAt);

  expect((await project.compose('restart', '--timeout', '3', 'localstack')).code).toBe(0);
  await project.up();
  await project.delivers();

  expect((await project.compose('down', '--timeout', '3')).code).toBe(0);
  await project.up();
  await project.delivers();
});

test('with PERSISTENCE=1, which only keeps Kinesis, the hook repairs the rest after a restart', async () => {
  await project.build();
  await project.override({ environment: { PERSISTENCE: '1' } });
  await project.up('localstack');
  await project.delivers();
  expect((await project.compose('restart', '--timeout', '10', 'localstack')).code).toBe(0);
  await project.up('localstack');
  await project.delivers();
});

test('a failed hook makes LocalStack unhealthy within 10 s, with the error in the log', async () => {
  await mkdir(join(project.folder, 'definitions'));
  const missing = join(project.folder, 'definitions', '10-missing.json');
  await writeFile(missing, JSON.stringify({ streams: { missing: { existing: true, wait: { timeoutMs: 500 } } } }));
  await build({ definitions: [missing], outDir: join(project.folder, 'init/ready.d') });
  const { code, output } = await project.compose('up', '--wait');
  const endedAt = Date.now();
  expect(code, output).not.toBe(0);
  const log = await project.logs('localstack', '--timestamps');
  expect(log).toContain('ready-hooks: Stream missing was not ready in time: waited for it to be created');
  expect(endedAt - timeOf(log, 'ready-hooks: 10-missing FAILED')).toBeLessThan(10_000);
  expect(await project.logs('consumer')).not.toContain('consumer started');
});

test('a ready.d that is not built makes LocalStack unhealthy, with an error that says to build', async () => {
  await mkdir(join(project.folder, 'init/ready.d'), { recursive: true });
  const { code } = await project.compose('up', '--wait');
  expect(code).not.toBe(0);
  expect(await project.logs('localstack')).toContain(
    'ready-hooks: init/ready.d is not built. Run npx ready-hooks build',
  );
});

test('with exec bits lost in a mount LocalStack cannot run the hook, but the setup in docs/compose.md can', async () => {
  await project.build();
  await chmod(join(project.folder, 'init/ready.d/10-hallow-events.sh'), 0o644);
  expect((await project.compose('up', '--wait', 'localstack')).code).not.toBe(0);
  expect(await project.logs('localstack')).toMatch(/Permission denied.*10-hallow-events\.sh/);
  await project.compose('down', '--timeout', '3');

  const page = await readFile(join(REPO, 'docs/compose.md'), 'utf8');
  const entrypoint = /^ {6}entrypoint:\n(?: {8}- .*\n)+/m.exec(page)?.[0].replaceAll('\n  ', '\n').slice(2);
  const file = join(project.folder, 'docker-compose.yml');
  const copied = (await readFile(file, 'utf8'))
    .replace('target: /etc/localstack/init/ready.d', 'target: /ready.d')
    .replace('    healthcheck:', `${entrypoint}    healthcheck:`);
  await writeFile(file, copied);
  await project.up('localstack');
  await project.delivers();
});

test('npm start and npm stop also work with Docker', async () => {
  const { env, port } = project;
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
  const { code, output } = await project.compose('up', '--wait');
  expect(code).not.toBe(0);
  expect(output).toMatch(/init\/ready\.d/);
});

/** The timestamp of the first log line that contains a string, in milliseconds. */
function timeOf(log: string, text: string): number {
  const line = log.split('\n').find((each) => each.includes(text));
  expect(line, `no line with "${text}" in\n${log}`).toBeDefined();
  return Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line ?? '')?.[0] ?? '');
}
