import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bucketsNamed } from '../support/bucket.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';

test('apply without a name applies all of init/ in order, and stops at the first failure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-several-'));
  await mkdir(join(folder, 'init'));
  const define = (file: string, definition: object) =>
    writeFile(join(folder, 'init', file), JSON.stringify(definition));
  const [made, missing, left] = ['made', 'missing', 'left'].map((each) => uniqueName(`several-${each}`)) as [
    string,
    string,
    string,
  ];
  await define('05-made.json', { buckets: { [made]: {} } });
  await define('20-left.json', { buckets: { [left]: {} } });
  await define('10-missing.json', { streams: { [missing]: { existing: true, wait: { timeoutMs: 300 } } } });
  const { code, stderr, stdout } = await cli(['apply', '--endpoint', endpoint()], { cwd: folder });
  expect(stdout).toMatch(/05-made is ready.*10-missing FAILED/s);
  expect(stderr).toContain('not applied because init/10-missing.json failed: init/20-left.json\n');
  expect(code).toBe(1);
  expect(await bucketsNamed(endpoint(), made)).toEqual([made]);
  expect(await bucketsNamed(endpoint(), left)).toEqual([]);
  await rm(folder, { recursive: true });
});

test('plan counts the changes in the default engine, with the exit codes of terraform', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-plan-'));
  const options = { cwd: folder, env: { AWS_ENDPOINT_URL: endpoint() } };
  const plan = () => cli(['plan', '10-plan.json', '--detailed-exitcode'], options);
  const define = (retentionPeriodHours: number) =>
    writeFile(join(folder, '10-plan.json'), JSON.stringify({ streams: { [name]: { retentionPeriodHours } } }));
  const name = uniqueName('plan');
  await define(24);
  expect(await plan()).toMatchObject({ code: 2, stdout: expect.stringMatching(/CreateStream .*\n1 to create\n$/) });
  const files = ['--outputs', 'out.env', '--outputs', 'out.json', '--timeline', 'time.svg'];
  expect(await cli(['apply', '10-plan.json', ...files], options)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /\nready-hooks: wrote time\.svg\nready-hooks: wrote out\.env\nready-hooks: wrote out\.json\n$/,
    ),
  });
  expect(await plan()).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nNothing to change: 1 resource/) });
  await define(48);
  expect(await plan()).toMatchObject({ code: 2, stdout: expect.stringMatching(/\n1 to update\n$/) });
  await cli(['destroy', '10-plan.json'], options);
  await rm(folder, { recursive: true });
});
