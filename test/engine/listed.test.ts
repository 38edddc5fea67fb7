import { expect, test } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { endpoint } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { recordingProxy } from '../support/proxy.ts';

test('a second run finds the streams of a definition in one list, and reads each', async () => {
  const names = Array.from({ length: 4 }, () => uniqueName('listed'));
  const { pipeline } = samplePipeline(uniqueName('listed'));
  const [declared] = Object.values(pipeline.streams);
  if (!declared) throw new Error('The sample has no stream');
  const streams = Object.fromEntries(names.map((name) => [name, declared]));
  const many = {
    name: 'many',
    pipeline: { ...pipeline, buckets: {}, streams, functions: {}, eventSourceMappings: [] },
    codes: new Map(),
  };
  await apply(many, { endpoint: endpoint() });

  const proxy = await recordingProxy(endpoint());
  const { outcomes } = await apply(many, { endpoint: proxy.endpoint });
  await proxy.close();
  expect(outcomes).toEqual(Object.fromEntries(names.map((name) => [`stream ${name}`, 'unchanged'])));
  const asked = (operation: string) => proxy.exchanges.filter((exchange) => exchange.operation === operation).length;
  expect(asked('ListStreams')).toBe(1);
  expect(asked('DescribeStreamSummary')).toBe(names.length);
});
