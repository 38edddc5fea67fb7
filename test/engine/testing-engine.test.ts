import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPipeline } from '../../src/features/testing/index.ts';
import { dataDir, findEngine } from '../../src/local/index.ts';
import { sharedFolder } from '../support/folder.ts';
import { WORKER, workers } from '../support/worker.ts';

const folder = sharedFolder({ 'worker.mjs': WORKER, 'orders.json': JSON.stringify(workers('orders')) });
const portOf = (endpoint: string) => Number(new URL(endpoint).port);

// test/full/testing-engine.test.ts has killed owners, engines that die, aborted starts, and other engines.
test('two workers get two engines, which end with `await using`', async () => {
  const file = join(folder, 'orders.json');
  const endpoints: string[] = [];
  const use = async (id: string) => {
    await using pipeline = await startPipeline(file);
    endpoints.push(pipeline.endpoint);
    await pipeline.put('orders', [{ id }]);
    await pipeline.drain();
    expect((await pipeline.objects('orders')).map(({ key }) => key)).toEqual([id]);
  };
  await Promise.all([use('a'), use('b')]);
  expect(new Set(endpoints).size).toBe(2);
  for (const endpoint of endpoints) {
    expect(await findEngine({ port: portOf(endpoint) })).toBeUndefined();
    expect(existsSync(dataDir(portOf(endpoint)))).toBe(false);
  }
});
