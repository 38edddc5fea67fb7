import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPipeline } from '../../src/features/testing/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { type ComposeProject, composeProject, needDocker } from '../support/compose-project.ts';
import { Debugger } from '../support/debugger.ts';
import { rejection } from '../support/folder.ts';
import { WORKER, workers } from '../support/worker.ts';

/** As --inspect=0.0.0.0:9229, but not in the container's first process: the stand-in for LocalStack's init is a Node.js program. */
const INSPECT = "--import=data:text/javascript,process.ppid&&import('node:inspector').then(i=>i.open(9229,'0.0.0.0'))";

let project: ComposeProject;
let definition: string;
let port: number;
beforeAll(async () => {
  await needDocker();
  project = await composeProject();
  definition = join(project.folder, '10-orders.json');
  writeFileSync(definition, JSON.stringify(workers('orders', { timeoutSeconds: 900 })));
  writeFileSync(join(project.folder, 'worker.mjs'), WORKER);
  port = await freePort();
  await project.override({ environment: { LAMBDA_DOCKER_FLAGS: `-p ${port}:9229 -e "NODE_OPTIONS=${INSPECT}"` } });
  await project.build(definition);
  await project.up('localstack');
}, 120_000);
afterAll(() => project?.remove());

test('drain and reset with functions in containers', async () => {
  await using pipeline = await startPipeline(definition, { endpoint: project.endpoint });
  for (const round of ['a', 'b', 'c']) {
    await pipeline.put('orders', [
      { id: `${round}-late`, delayMs: 200 },
      { id: `${round}-again`, fails: round === 'b' ? 2 : 0 },
      ...Array.from({ length: 18 }, (_, n) => ({ id: `${round}${n}` })),
    ]);
    await pipeline.drain();
    expect(await pipeline.objects('orders')).toHaveLength(20);
    await pipeline.reset({ discard: round === 'b' });
    expect(await pipeline.objects('orders')).toEqual([]);
  }
  await pipeline.put('orders', [{ id: 'never', always: true }]);
  expect(await rejection(pipeline.drain({ timeoutMs: 2_000 }))).toContain('no good: never');
  await pipeline.reset({ discard: true });
  await pipeline.put('orders', [{ id: 'next' }]);
  await pipeline.drain();
  expect((await pipeline.objects('orders')).map(({ key }) => key)).toEqual(['next']);
});

test('a debugger attaches to a function in a container by LAMBDA_DOCKER_FLAGS, which the message about --inspect names', async () => {
  const { endpoint } = project;
  expect(await rejection(startPipeline(definition, { endpoint, inspect: 0 }))).toContain(
    'LAMBDA_DOCKER_FLAGS="-p 9229:9229 -e NODE_OPTIONS=--inspect=0.0.0.0:9229"',
  );
  await using pipeline = await startPipeline(definition, { endpoint });
  await pipeline.reset();
  await using debug = await Debugger.attach(`127.0.0.1:${port}`);
  await debug.breakAtText('/var/task/index.mjs', 'await store(');
  await pipeline.put('orders', [{ id: 'paused' }]);
  expect(await debug.paused()).toContain('/var/task/index.mjs');
  expect(await debug.evaluate('id')).toBe('paused');
  await debug.resume();
  await pipeline.drain();
  expect((await pipeline.objects('orders')).map(({ key }) => key)).toEqual(['paused']);
});
