import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { waitForEvents } from '../../support/events.ts';

const IDS = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
const REPORT = 'aws/lambda/some-uuid/shardId-000000000000/2026/11/25/report.json';

test('events that a function wrote count as delivered', async () => {
  const bucket = await bucketWith({ 'events/one.jsonl': IDS.join('\n') });
  const { counts, keys } = await waitForEvents(bucket, 'events', IDS, { timeoutMs: 0 });
  expect([...counts.values()]).toEqual([1, 1]);
  expect(keys).toEqual(['events/one.jsonl']);
});

test('the payload of a failure report does not count as delivered, and the error names the report', async () => {
  const bucket = await bucketWith({ [REPORT]: IDS.join('\n'), 'events/one.jsonl': `${IDS[0]}` });
  const failed = waitForEvents(bucket, 'events', IDS, { timeoutMs: 0 });
  await expect(failed).rejects.toThrow(`1 of 2 events were in bucket events after 0 ms`);
  await expect(failed).rejects.toThrow(`1 failure report (s3://events/${REPORT})`);
});

test('events that a function wrote count once, also if a report about their batch exists', async () => {
  const bucket = await bucketWith({ [REPORT]: IDS.join('\n'), 'events/one.jsonl': IDS.join('\n') });
  const { counts, keys } = await waitForEvents(bucket, 'events', IDS, { timeoutMs: 0 });
  expect([...counts.values()]).toEqual([1, 1]);
  expect(keys).toEqual(['events/one.jsonl']);
});

/** The endpoint of a server that lists these objects in every bucket. */
async function bucketWith(objects: Record<string, string>): Promise<string> {
  const contents = Object.keys(objects).map((key) => `<Contents><Key>${key}</Key><ETag>e</ETag></Contents>`);
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://bucket');
    if (searchParams.has('list-type')) response.end(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
    else response.end(objects[pathname.replace('/events/', '')]);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
