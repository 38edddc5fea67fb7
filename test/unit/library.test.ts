import { expect, test } from 'vitest';
import { planPipeline } from '../../src/library.ts';
import { folderWith } from '../support/folder.ts';

test('errors name a definition that does not come from a file', async () => {
  const wrong = { streams: { s: { shardCount: 0 } } };
  await expect(planPipeline(wrong, { name: 'orders' })).rejects.toThrow(
    /^The definition orders: streams\.s\.shardCount is 0, but must be/,
  );
});

test('a plan without an endpoint bundles no functions and reads no seeds', async () => {
  const folder = folderWith({ 'f.ts': 'export const handler = (' });
  const definition = {
    streams: { s: { seed: { file: 'missing.jsonl' } } },
    functions: { f: { entry: 'f.ts' } },
    eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST' as const }],
  };
  const steps = await planPipeline(definition, { folder });
  expect(steps.map(({ step }) => step)).toHaveLength(4);
  expect(steps[3]?.needs).toHaveLength(2);
  const withEndpoint = planPipeline(definition, { folder, endpoint: 'http://127.0.0.1:9' });
  await expect(withEndpoint).rejects.toThrow(/Function f \(pipeline\.ts\) does not compile/);
});
