import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { down } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { objectsIn } from '../support/bucket.ts';
import { cli } from '../support/cli.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';

const EXAMPLE = fileURLToPath(new URL('../../init/10-hallow-events.ts', import.meta.url));
let folder: string;
let seeded: string;
let port: number;
let endpoint: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-ministack-'));
  port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  seeded = join(folder, '20-seeded.json');
  const seeds = {
    buckets: { 'seeded-bucket': { seed: { directory: 'objects' } } },
    streams: { 'seeded-stream': { seed: { file: 'records.jsonl' } } },
  };
  await writeFile(seeded, JSON.stringify(seeds));
  await mkdir(join(folder, 'objects'));
  await writeFile(join(folder, 'objects/a.txt'), 'text');
  await writeFile(join(folder, 'records.jsonl'), '1\n2\n');
  await build({ definitions: [EXAMPLE, seeded], outDir: join(folder, 'ready.d') });
});
afterAll(async () => {
  await down({ port });
  await rm(folder, { recursive: true, force: true });
});

/** What apply prints when it rejects a definition. */
async function applied(definition: object): Promise<string> {
  const file = join(folder, '30-rejected.json');
  await writeFile(file, JSON.stringify(definition));
  const { code, stdout, stderr } = await cli(['apply', file, '--endpoint', endpoint]);
  expect(code).toBe(1);
  return stdout + stderr;
}

const up = (...args: string[]) =>
  cli(['up', '--port', String(port), '--data', join(folder, 'data'), '--hooks', join(folder, 'ready.d'), ...args]);

test('the same hook on MiniStack: up runs it, 20 of 20 events arrive, status is ready, doctor finds nothing, apply rejects what would lose records, down stops it', async () => {
  const started = await up('--engine', 'ministack');
  expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining(`MiniStack is up at ${endpoint}`) });
  expect(started.stderr).toMatch(/^ready-hooks: 10-hallow-events: 4 resources on MiniStack /m);
  expect(started.stderr).toMatch(
    /warning: MiniStack 1\.\S+ ignores reportBatchItemFailures, maximumRetryAttempts, onFailure/,
  );
  expect(started.stderr).toMatch(/^ready-hooks: 10-hallow-events is ready in .* 4 created$/m);

  expect(started.stderr).toMatch(/^ready-hooks: 20-seeded is ready in .* 4 created$/m);
  expect(await objectsIn(endpoint, 'seeded-bucket')).toEqual(new Map([['a.txt', 'text']]));

  const ids = await sendEvents(endpoint, 'hallow-event-stream', 20);
  const { counts } = await waitForEvents(endpoint, 'hallow-events', ids);
  expect([...counts.values()]).toEqual(ids.map(() => 1));

  const status = await cli(['status', EXAMPLE, seeded, '--endpoint', endpoint, '--wait', '--timeout', '20']);
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 hooks finished, 0 failed') });
  const doctor = await cli(['doctor', EXAMPLE, '--endpoint', endpoint, '--hooks', join(folder, 'ready.d')]);
  expect(doctor).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No problems found \(checked \d mappings?, /),
  });

  expect(await applied({ streams: { 'hallow-event-stream': { shardCount: 2 } } })).toMatch(
    /Stream hallow-event-stream has 1 shard, but the definition says 2: on this engine a mapping on a resharded stream loses records/,
  );
  const at = { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2026-01-01T00:00:00Z' };
  const mapping = { stream: 'hallow-event-stream', function: 'hallow-event-distributor', batchSize: 10, ...at };
  const existing = {
    streams: { [mapping.stream]: { existing: true } },
    functions: { [mapping.function]: { existing: true } },
  };
  expect(await applied({ ...existing, eventSourceMappings: [mapping] })).toMatch(
    /AT_TIMESTAMP, which this engine takes for LATEST: use LATEST or TRIM_HORIZON/,
  );

  expect(await up('--engine', 'localstack')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/MiniStack \S+ already runs on port \d+, but LocalStack was requested/),
  });
  expect(await cli(['down', '--data', join(folder, 'data')])).toMatchObject({
    code: 0,
    stdout: 'MiniStack stopped.\n',
  });
});

test('up names a failed hook, and says that the engine still runs', async () => {
  const hooks = join(folder, 'failing');
  await mkdir(hooks);
  await writeFile(join(hooks, '10-fails.sh'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const data = join(folder, 'failing-data');
  const own = await freePort();
  const { code, stderr } = await cli(
    ['up', '--engine', 'ministack', '--port', String(own), '--data', data, '--hooks', hooks],
    { cwd: folder },
  );
  expect(code).toBe(1);
  expect(stderr).toContain(
    `MiniStack still runs at http://127.0.0.1:${own} (log: ${join(data, 'ministack.log')}): stop it with npx ready-hooks down --port ${own} before you start it again.`,
  );
  expect(await cli(['down', '--port', String(own), '--data', data])).toMatchObject({ stdout: 'MiniStack stopped.\n' });
});
