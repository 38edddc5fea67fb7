import { startPipeline } from 'localstack-ready-hooks/testing';
import { afterAll, beforeEach, expect, test } from 'vitest';

const definition = {
  buckets: { events: {} },
  streams: { events: {} },
  functions: { events: { entry: './handler.mjs', buckets: { BUCKET: 'events' } } },
  eventSourceMappings: [
    {
      stream: 'events',
      function: 'events',
      startingPosition: 'LATEST',
      reportBatchItemFailures: true,
      maximumRetryAttempts: 1,
    },
  ],
};
const pipeline = await startPipeline(definition, { folder: import.meta.dirname });
console.log('READY');
afterAll(() => pipeline.stop());
beforeEach(() => pipeline.reset());

const put = async (...events) => {
  await pipeline.put('events', events);
  await pipeline.drain();
};
const stored = async () =>
  Object.fromEntries((await pipeline.objects('events')).map(({ key, records }) => [key, records[0]]));
const keys = async () => Object.keys(await stored()).sort();
const orders = (count) => Array.from({ length: count }, (_, n) => ({ id: n, type: 'order' }));

test('stores an event', async () => {
  await put({ id: 'a', type: 'order' });
  expect(await keys()).toEqual(['order/a.json']);
});

test('keeps its content', async () => {
  const event = { id: 'a', type: 'order', text: 'größer "5"', n: 1.5 };
  await put(event);
  expect(await stored()).toEqual({ 'order/a.json': event });
});

test('stores 20 events', async () => {
  await put(...orders(20));
  expect(await keys()).toHaveLength(20);
});

test('stores 100 events', async () => {
  await put(...orders(100));
  expect(await keys()).toHaveLength(100);
});

test('separates types', async () => {
  await put({ id: 'a', type: 'order' }, { id: 'a', type: 'return' });
  expect(await keys()).toEqual(['order/a.json', 'return/a.json']);
});

test('stores an event once that was put twice', async () => {
  await put({ id: 'a', type: 'order' }, { id: 'a', type: 'order' });
  expect(await keys()).toEqual(['order/a.json']);
});

test('keeps the last event of an id', async () => {
  await put({ id: 'a', type: 'order', n: 1 });
  await put({ id: 'a', type: 'order', n: 2 });
  expect((await stored())['order/a.json'].n).toBe(2);
});

test('skips tests', async () => {
  await put({ id: 'a', type: 'test' }, { id: 'b', type: 'order' });
  expect(await keys()).toEqual(['order/b.json']);
});

test('stores nothing for a test alone', async () => {
  await put({ id: 'a', type: 'test' });
  expect(await keys()).toEqual([]);
});

test('gives up an event without an id', async () => {
  await put({ type: 'order' }, { id: 'b', type: 'order' });
  expect(await keys()).toEqual(['order/b.json']);
});
