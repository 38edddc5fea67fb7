import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { loadRunnable } from '../../src/build/load/runnable.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { givenUpIn, objectsIn } from './bucket.ts';
import { putTogether } from './records.ts';

const within = { timeout: 30_000, interval: 200 };

/** Applies the example and sends it bad JSON: that batch is discarded, and each event is in S3 once. */
export async function exampleDelivers(endpoint: string) {
  const example = await loadRunnable(fileURLToPath(new URL('../../init/10-hallow-events.ts', import.meta.url)));
  expect((await apply(example, { endpoint })).failures).toEqual({});
  await putTogether(endpoint, 'hallow-event-stream', ['{"id":"a"}', '{"id":"b"}', '{"id":', '{"id":"c"}']);
  await vi.waitFor(async () => expect(await givenUpIn(endpoint, 'hallow-events')).toHaveLength(1), within);
  await putTogether(endpoint, 'hallow-event-stream', ['{"id":"d"}']);
  const events = async () =>
    [...(await objectsIn(endpoint, 'hallow-events'))]
      .filter(([key]) => key.startsWith('events/'))
      .flatMap(([, text]) => text.split('\n').filter(Boolean));
  await vi.waitFor(
    async () => expect((await events()).sort()).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"c"}', '{"id":"d"}']),
    within,
  );
  const [batch] = await givenUpIn(endpoint, 'hallow-events');
  expect(batch?.data).toEqual(['{"id":', '{"id":"c"}']);
  expect(batch?.requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 });
}
