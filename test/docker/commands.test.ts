import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cli, script } from '../support/cli.ts';
import { type ComposeProject, composeProject, docker } from '../support/compose-project.ts';
import { runTestcontainersTemplate } from '../support/testcontainers.ts';

let project: ComposeProject;
beforeEach(async () => {
  project = await composeProject();
});
afterEach(() => project.remove());

test('up --engine docker starts LocalStack with functions in containers, and down leaves none of them', async () => {
  const { env, folder: cwd, port } = project;
  await project.build();
  const up = await cli(['up', '--engine', 'docker', '--port', String(port)], { cwd, env });
  expect(up.code, up.stdout + up.stderr).toBe(0);
  await project.delivers();
  expect(await project.functions()).not.toEqual([]);
  expect(await cli(['down', '--port', String(port)], { cwd, env })).toMatchObject({ code: 0 });
  expect(await project.functions()).toEqual([]);
});

test('npm start delivers through functions in containers, and npm stop leaves none of them', async () => {
  const { env, port } = project;
  const start = () => script('scripts/start.ts', ['--engine', 'docker', '--port', String(port)], { env });
  const first = await start();
  expect(first.stdout, first.stderr).toMatch(/^ready-hooks: 10-hallow-events is ready in .* 4 created$/m);
  expect(first.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  expect(await project.functions()).not.toEqual([]);
  const second = await start();
  expect(second.stdout, second.stderr).toMatch(/all 4 resources unchanged/);
  expect(second.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  const stopped = await script('scripts/stop.ts', ['--port', String(port)], { env });
  expect(stopped).toMatchObject({ code: 0, stdout: 'LocalStack in Docker stopped.\n' });
  expect(await project.functions()).toEqual([]);
});

test('testcontainers-typescript: its tests pass, with hooks and with the library, and leave no container of a function', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-template-'));
  try {
    expect(await runTestcontainersTemplate(folder)).toMatch(/Test Files\s+2 passed/);
    const left = await docker('ps', '--all', '--filter', 'name=-lambda-events-writer-', '--format', '{{.Names}}');
    expect(left.output).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
