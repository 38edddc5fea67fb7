import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { startPipeline } from '../../src/features/testing/index.ts';
import { down, findEngine } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { minorOf } from '../../src/local/python/find.ts';
import { cli } from '../support/cli.ts';
import { Debugger } from '../support/debugger.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';
import { pythonWithBoto3 } from '../support/functions.ts';
import { WORKER, workers } from '../support/worker.ts';

const EXAMPLE = fileURLToPath(new URL('../../init/10-hallow-events.ts', import.meta.url));
const STORE_LINE = WORKER.split('\n').findIndex((line) => line.includes('await store(')) + 1;
let folder: string;
let port: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-localemu-'));
  port = await freePort();
  await build({ definitions: [EXAMPLE], outDir: join(folder, 'ready.d') });
});
afterAll(async () => {
  await down({ port });
  await rm(folder, { recursive: true, force: true });
});

test('drain and reset on LocalEmu, and a function that pauses in a debugger for longer than its time limit', {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, 'worker.mjs'), WORKER);
  const definition = workers('orders', { shards: 2, timeoutSeconds: 1 });
  const pipeline = await startPipeline(definition, { folder, engine: 'localemu', inspect: 0 });
  try {
    for (const round of ['a', 'b', 'c']) {
      const fails = { id: `${round}-again`, fails: round === 'a' ? 1 : 0 };
      await pipeline.put('orders', [fails, ...Array.from({ length: 19 }, (_, n) => ({ id: `${round}${n}` }))]);
      await pipeline.drain();
      expect(await pipeline.objects('orders')).toHaveLength(20);
      await pipeline.reset({ discard: round === 'b' });
      expect(await pipeline.objects('orders')).toEqual([]);
    }
    await using debug = await Debugger.attach(`127.0.0.1:${pipeline.inspected['orders']}`);
    await debug.breakAt(join(folder, 'worker.mjs'), STORE_LINE);
    await pipeline.put('orders', [{ id: 'paused' }]);
    await debug.paused();
    await sleep(2_000);
    expect(await pipeline.objects('orders')).toEqual([]);
    await debug.resume();
    await pipeline.drain();
    expect((await pipeline.objects('orders')).map(({ key }) => key)).toEqual(['paused']);
  } finally {
    await pipeline.stop();
  }
});

test('the same hook on LocalEmu: up runs it, 20 of 20 events arrive, status is ready, doctor finds nothing, a second run changes nothing', {
  timeout: 180_000,
}, async () => {
  const endpoint = `http://127.0.0.1:${port}`;
  const hooks = join(folder, 'ready.d');
  const data = ['--port', String(port), '--data', join(folder, 'data')];
  const started = await cli(['up', '--engine', 'localemu', ...data, '--hooks', hooks]);
  expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining(`LocalEmu is up at ${endpoint}`) });
  expect(started.stderr).toMatch(/^ready-hooks: 10-hallow-events: 4 resources on LocalEmu 1\.3\.2 /m);
  expect(started.stderr).toMatch(/^ready-hooks: 10-hallow-events is ready in .* 4 created$/m);
  expect(started.stderr).not.toContain('warning');

  const ids = await sendEvents(endpoint, 'hallow-event-stream', 20);
  const { counts } = await waitForEvents(endpoint, 'hallow-events', ids);
  expect([...counts.values()]).toEqual(ids.map(() => 1));

  const status = await cli(['status', EXAMPLE, '--endpoint', endpoint]);
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('hook 10-hallow-events.sh: SUCCESSFUL') });
  const doctor = await cli(['doctor', EXAMPLE, '--endpoint', endpoint, '--hooks', hooks]);
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringMatching(/^No problems found /) });
  const engine = await findEngine({ port });
  const buckets = expect.arrayContaining(['python']);
  expect(engine && (await pythonWithBoto3(engine, minorOf(engine.python)))).toEqual([expect.any(Number), buckets]);
  // LocalEmu's image has no Node.js: there, a second container runs the hook like this.
  const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint };
  const again = await promisify(execFile)('sh', [join(hooks, '10-hallow-events.sh')], { env });
  expect(again.stdout + again.stderr).toMatch(/10-hallow-events is ready in .* all 4 resources unchanged$/m);
});
