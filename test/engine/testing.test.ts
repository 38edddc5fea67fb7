import { beforeAll, expect, test } from 'vitest';
import { startPipeline } from '../../src/features/testing/index.ts';
import { sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { endpoint } from '../support/engine.ts';
import { WORKER, workers } from '../support/worker.ts';

const folder = sharedFolder({ 'worker.mjs': WORKER });

test('scratch', async () => {
  const name = uniqueName('drain');
  const p = await startPipeline(workers(name), { endpoint: endpoint(), folder, name });
  for (let i = 0; i < 10; i++) {
    const t0 = performance.now();
    await p.put(name, Array.from({ length: 20 }, (_, n) => ({ id: `${i}-${n}` })));
    const t1 = performance.now();
    await p.drain();
    const t2 = performance.now();
    const found = await p.objects(name);
    const t3 = performance.now();
    expect(found).toHaveLength((20));
    await p.reset();
    console.log(Math.round(t1 - t0), Math.round(t2 - t1), Math.round(t3 - t2), Math.round(performance.now() - t3));
  }
  await p.stop();
});
