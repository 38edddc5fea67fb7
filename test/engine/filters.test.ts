import { expect, test, vi } from 'vitest';
import { apply, previewPipeline } from '../../src/runtime/apply/apply.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { endpoint } from '../support/engine.ts';
import { applied, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

// Every key and condition on every engine: test/full/filter-keys.test.ts.
test('a filter on a key that no record has on this engine is rejected before anything is created', async () => {
  const sample = samplePipeline(uniqueName('filtered'), { mapping: { filters: [{ partitionKey: ['a'] }] } });
  await expect(apply(sample, { endpoint: endpoint() })).rejects.toThrow(
    /^Event source mapping (\S+) → \1 has the filter \{"partitionKey":\["a"\]\} on partitionKey, which no record has on LocalStack \S+: use data, the only key that AWS supports, or kinesis\.partitionKey\.$/,
  );
  const changes = (await previewPipeline({ ...samplePipeline(sample.name) }, { endpoint: endpoint() })).map(
    ({ change }) => change,
  );
  expect(changes).toEqual(['create', 'create', 'create', 'create']);
});

test('a filter on kinesis.partitionKey works, with a warning about AWS', async () => {
  const events: Event[] = [];
  const filters = [{ kinesis: { partitionKey: ['a'] } }];
  const { name } = await applied(
    endpoint(),
    'filtered',
    { mapping: { filters } },
    { onEvent: (event) => events.push(event) },
  );
  expect(events.flatMap((event) => (event.type === 'warning' ? event.message : []))).toEqual([
    'AWS supports filters on data only: kinesis.partitionKey may not match there',
  ]);
  const { put, close } = sender(endpoint(), name);
  for (const key of ['b', 'a']) await put(key);
  close();
  await vi.waitFor(async () => expect([...(await handled(endpoint(), name)).keys()]).toEqual(['a']), {
    timeout: 20_000,
    interval: 100,
  });
});
