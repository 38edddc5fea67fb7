import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, startCli } from '../support/cli.ts';
import {
  type ComposeProject,
  composeProject,
  docker,
  EXAMPLE,
  needDocker,
  REPO,
  timeOf,
} from '../support/compose-project.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 30_000, interval: 300 };

/** Two verified mappings: of a stream with one shard and of one with four. */
const verified = (prefix: string) => ({
  buckets: { [prefix]: {} },
  streams: { [`${prefix}-one`]: { shardCount: 1 }, [`${prefix}-four`]: { shardCount: 4 } },
  functions: { [prefix]: { entry: './reader.mjs', buckets: { BUCKET: prefix } } },
  eventSourceMappings: ['one', 'four'].map((shards) => ({
    stream: `${prefix}-${shards}`,
    function: prefix,
    batchSize: 100,
    startingPosition: 'LATEST',
    verifyDelivery: true,
  })),
});

const READER = `
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log('first version got', Buffer.from(kinesis.data, 'base64').toString());
};
`;

// One LocalStack for the whole file; the tests build on each other, in this order.
let project: ComposeProject;
const reader = () => join(project.folder, 'reader.mjs');
const fromOutside = (command: string, ...args: string[]) =>
  cli([command, ...args, '--endpoint', project.endpoint], { cwd: project.folder });

async function define(name: string): Promise<string> {
  const file = join(project.folder, `${name}.json`);
  await writeFile(file, JSON.stringify(verified(name)));
  return file;
}

beforeAll(async () => {
  await needDocker();
  project = await composeProject();
  await writeFile(reader(), READER);
  await project.build(EXAMPLE, await define('20-by-hook'));
});
afterAll(() => project?.remove());

test('docker compose up --wait returns when a function in a container delivers, also with verifyDelivery', async () => {
  await project.up();
  const firstCheck = await firstHealthCheck();
  const ids = await project.delivers();
  expect(await project.functions()).toContainEqual(
    expect.stringContaining(`${project.container}-lambda-hallow-event-distributor-`),
  );
  // The dependent service started after the pipeline was ready, and prints the delivered events.
  await expect.poll(() => project.logs('consumer'), within).toContain(ids[19]);
  const readyAt = timeOf(await project.logs('localstack', '--timestamps'), 'ready-hooks: 10-hallow-events is ready');
  expect(timeOf(await project.logs('consumer', '--timestamps'), 'consumer started')).toBeGreaterThan(readyAt);
  const log = await project.logs('localstack');
  for (const shards of ['one', 'four']) expect(log).toMatch(new RegExp(`20-by-hook-${shards}.*delivery verified`));
  expect(firstCheck).toBeLessThan(readyAt);
});

/** When the first health check of LocalStack since its start began, in milliseconds. Docker keeps only the last five. */
async function firstHealthCheck(): Promise<number> {
  const { output } = await docker('inspect', project.container, '--format', '{{json .State}}');
  const { StartedAt, Health } = JSON.parse(output);
  const starts: number[] = Health.Log.map(({ Start }: { Start: string }) => Date.parse(Start));
  return Math.min(...starts.filter((start) => start > Date.parse(StartedAt)));
}

test('doctor finds nothing', async () => {
  const definitions = [EXAMPLE, '20-by-hook.json'];
  const files = ['--hooks', 'init/ready.d', '--compose', 'docker-compose.yml'];
  const { code, stdout, stderr } = await fromOutside('doctor', ...definitions, ...files);
  expect(stdout + stderr).toMatch(/No problems? found|0 problems/i);
  expect(code).toBe(0);
});

test('apply from outside verifies delivery, and dev updates the function', async () => {
  const definition = await define('from-outside');
  const { code, stdout, stderr } = await fromOutside('apply', definition);
  expect(code, stdout + stderr).toBe(0);
  for (const shards of ['one', 'four']) expect(stdout).toMatch(new RegExp(`from-outside-${shards}.*delivery verified`));

  const dev = startCli(['dev', definition, '--endpoint', project.endpoint], { cwd: project.folder });
  try {
    await expect.poll(() => dev.said.stdout, within).toMatch(/from-outside is ready/);
    await writeFile(reader(), READER.replace('first version', 'second version'));
    await expect.poll(() => dev.said.stdout, within).toMatch(/from-outside is ready in .* 1 updated/);
    await putTogether(project.endpoint, 'from-outside-one', ['an event']);
    await expect.poll(() => dev.said.stdout, within).toContain('second version got an event');
  } finally {
    dev.stop();
  }
  expect(await dev.ended).toBe(130);
});

test('destroy removes the pipeline, apply creates it again', async () => {
  expect(await fromOutside('destroy', EXAMPLE, '--empty-buckets')).toMatchObject({ code: 0 });
  expect(await fromOutside('apply', join(REPO, 'init/10-hallow-events.ts'))).toMatchObject({ code: 0 });
  await project.delivers();
});

test('a restart, and down and up, deliver again; down leaves no container of a function', async () => {
  await project.compose('restart', 'localstack');
  await project.up();
  const firstCheck = await firstHealthCheck();
  await project.delivers();
  const lastReady = (await project.logs('localstack', '--timestamps')).split('\n').reverse().join('\n');
  expect(firstCheck).toBeLessThan(timeOf(lastReady, 'ready-hooks: 10-hallow-events is ready'));
  expect((await project.compose('down')).output).not.toMatch(/error/i);
  expect(await project.functions()).toEqual([]);
  await project.up();
  await project.delivers();
});
