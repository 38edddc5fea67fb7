import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectsIn } from '../support/bucket.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { runHookScript } from '../support/hook-script.ts';
import { uniqueName } from '../support/pipelines.ts';
import { writeReadyDTemplate } from '../support/ready-d.ts';
import { putTogether } from '../support/records.ts';

let readyD: string;
beforeAll(async () => {
  readyD = await mkdtemp(join(tmpdir(), 'ready-hooks-json-'));
  await writeReadyDTemplate(readyD);
});
afterAll(() => rm(readyD, { recursive: true, force: true }));

test('an edited copy of the folder runs without a build and delivers', async () => {
  const name = uniqueName('json');
  const pipeline = await readFile(join(readyD, '10-events/pipeline.json'), 'utf8');
  await cp(join(readyD, '10-events'), join(readyD, name), { recursive: true });
  await cp(join(readyD, '10-events.sh'), join(readyD, `${name}.sh`));
  await writeFile(join(readyD, name, 'pipeline.json'), pipeline.replaceAll('"events', `"${name}`));
  const first = await runHookScript(join(readyD, `${name}.sh`), endpoint());
  expect(first.said).toMatch(new RegExp(`^ready-hooks: ${name} is ready in .*: 4 created$`, 'm'));
  const events = Array.from({ length: 20 }, (_, id) => JSON.stringify({ id }));
  await putTogether(endpoint(), name, events);
  const kept = async () => [...(await objectsIn(endpoint(), name)).values()].sort();
  await expect.poll(kept, { timeout: 20_000, interval: 200 }).toEqual([...events].sort());
  const again = await runHookScript(join(readyD, `${name}.sh`), endpoint());
  expect(again.said).toContain('all 4 resources unchanged');
  const destroyed = await cli([
    'destroy',
    join(readyD, name, 'pipeline.json'),
    '--empty-buckets',
    '--endpoint',
    endpoint(),
  ]);
  expect(destroyed.code).toBe(0);
});

test('a mistyped setting is reported with a suggestion, and nothing is created', async () => {
  const file = join(readyD, '10-events/pipeline.json');
  const whole = await readFile(file, 'utf8');
  await writeFile(file, whole.replace('shardCount', 'shardCout'));
  const { code, said } = await runHookScript(join(readyD, '10-events.sh'), endpoint());
  await writeFile(file, whole);
  expect(said).toMatch(/streams\.events\.shardCout is not a setting; did you mean 'shardCount'\?/);
  expect(code).toBe(1);
});
