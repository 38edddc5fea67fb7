import { expect, test } from 'vitest';
import { planPipeline } from '../../src/library.ts';
import { folderWith } from '../support/folder.ts';

test('a definition that is no file is named as what it is', async () => {
  const wrong = { streams: { s: { shardCount: 0 } } };
  await expect(planPipeline(wrong, { name: 'orders' })).rejects.toThrow(
    /^The definition orders: streams\.s\.shardCount is 0, but must be/,
  );
});

test('a plan without an endpoint bundles no function and reads no seed', async () => {
  const folder = folderWith({ 'f.ts': 'export const handler = (' });
  const definition = {
    streams: { s: { seed: { file: 'missing.jsonl' } } },
    functions: { f: { entry: 'f.ts' } },
    eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST' as const }],
  };
  const steps = await planPipeline(definition, { folder });
  expect(steps.map(({ step }) => step)).toHaveLength(4);
  expect(steps[3]?.needs).toHaveLength(2);
  const asked = planPipeline(definition, { folder, endpoint: 'http://127.0.0.1:9' });
  await expect(asked).rejects.toThrow(/Function f \(pipeline\.ts\) does not compile/);
});
