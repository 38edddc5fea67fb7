import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { type ComposeProject, composeProject, needDocker, REPO, timeOf } from '../support/compose-project.ts';

// Each test is a separate project with an unchanged copy of docker-compose.yml, on its own port.
let project: ComposeProject;

beforeAll(needDocker);
beforeEach(async () => {
  project = await composeProject();
});
afterEach(() => project.remove());

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

test('without the folder nothing starts, and Docker does not create it', async () => {
  const { code, output } = await project.compose('up', '--wait');
  expect(code).not.toBe(0);
  expect(output).toMatch(/init\/ready\.d/);
});
