import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { objectsIn } from '../support/bucket.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { writeSnippets } from '../support/snippets.ts';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const FUNCTIONS = ['invoice', 'ship', 'audit', 'pay', 'mail', 'total'];

// A project as the page describes it: its files, the example's function under each name, and the package.
let project: string;
let files: string[];
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'ready-hooks-recipes-'));
  files = (await writeSnippets('recipes.md', project)).filter((file) => file.startsWith('init/'));
  await mkdir(join(project, 'init/functions'), { recursive: true });
  for (const name of FUNCTIONS)
    await copyFile(
      join(REPO, 'init/functions/hallow-event-distributor.ts'),
      join(project, `init/functions/${name}.ts`),
    );
  await mkdir(join(project, 'init/seed/prices'), { recursive: true });
  await writeFile(join(project, 'init/seed/prices/pears.json'), '{"cents":120}');
  await writeFile(join(project, 'init/seed/purchases.jsonl'), '{"id":1}\n{"id":2}\n');
  await mkdir(join(project, 'node_modules'));
  await symlink(REPO, join(project, 'node_modules/localstack-ready-hooks'));
  await symlink(join(REPO, 'node_modules/@aws-sdk'), join(project, 'node_modules/@aws-sdk'));
});
afterAll(async () => {
  for (const file of files.reverse()) await succeeds('destroy', file, '--empty-buckets');
  await rm(project, { recursive: true, force: true });
});

async function succeeds(...args: string[]) {
  const { code, stderr } = await cli([...args, '--endpoint', endpoint()], { cwd: project });
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

async function sendOrders(StreamName: string, region: string, accessKeyId: string) {
  const client = new KinesisClient({
    endpoint: endpoint(),
    region,
    credentials: { accessKeyId, secretAccessKey: 'test' },
  });
  const Records = Array.from({ length: 20 }, (_, id) => ({
    PartitionKey: String(id),
    Data: Buffer.from(JSON.stringify({ id })),
  }));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
  client.destroy();
}

const linesIn = async (bucket: string, accessKeyId?: string) =>
  [...(await objectsIn(endpoint(), bucket, accessKeyId)).values()].join('').split('\n').filter(Boolean).length;

test('every definition of the page becomes ready, each after the earlier ones, and delivers', async () => {
  await succeeds('apply');
  await sendOrders('orders', 'us-east-1', 'test');
  await sendOrders('visits', 'us-east-1', 'test');
  await sendOrders('orders', 'eu-west-1', '222222222222');
  for (const [bucket, lines, account] of [
    ['invoices', 20],
    ['parcels', 20],
    ['audit-trail', 20],
    ['orders-ireland', 20, '222222222222'],
    ['totals', 2],
    ['pages', 20],
  ] as const)
    await vi.waitFor(async () => expect(await linesIn(bucket, account)).toBe(lines), {
      timeout: 20_000,
      interval: 200,
    });
  expect(await objectsIn(endpoint(), 'prices')).toEqual(new Map([['pears.json', '{"cents":120}']]));
});
