import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkTogether } from '../../../src/build/load/check-together.ts';
import { findDefinitions } from '../../../src/build/load/definitions.ts';
import { loadDefinition } from '../../../src/build/load/load.ts';
import { bundleFunctions } from '../../../src/build/pack/functions.ts';

const INIT = join(import.meta.dirname, '../../../init');

test('every definition in init/ loads, is compatible with the others and bundles', async () => {
  const loaded = await Promise.all((await findDefinitions(INIT)).map((file) => loadDefinition(file)));
  checkTogether(loaded);
  expect(loaded.map(({ name }) => name)).toContain('10-hallow-events');
  for (const named of loaded) expect((await bundleFunctions(named)).warnings).toEqual([]);
});

test('the example has the names and numbers from localstack#12141', async () => {
  const { pipeline } = await loadDefinition(join(INIT, '10-hallow-events.ts'));
  expect(Object.keys(pipeline.buckets)).toEqual(['hallow-events']);
  expect(pipeline.streams).toMatchObject({ 'hallow-event-stream': { shardCount: 1 } });
  expect(Object.keys(pipeline.functions)).toEqual(['hallow-event-distributor']);
  expect(pipeline.eventSourceMappings).toMatchObject([
    {
      stream: 'hallow-event-stream',
      function: 'hallow-event-distributor',
      batchSize: 10000,
      startingPosition: 'LATEST',
      reportBatchItemFailures: true,
    },
  ]);
});
