import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { wrapAt } from '../../../src/build/pack/probe-wrapper.ts';
import { PROBE_KEY } from '../../../src/runtime/resources/mapping/marks.ts';
import { probeBucket } from '../../../src/runtime/resources/mapping/probe.ts';
import { world } from '../runtime/resources/world.ts';

type Handler = (event: unknown, context?: unknown, callback?: unknown) => unknown;
const wrapped = (handler: unknown) => wrapAt(handler as never, []) as Handler;

const bucket = probeBucket({ stream: 's', function: 'f' }, world());
const record = (data: string, partitionKey = 'p') => ({ kinesis: { partitionKey, data: btoa(data) } });
const probe = (id = 'u-1') => record(JSON.stringify({ readyHooksProbe: { bucket, id } }), PROBE_KEY);
const batch = (...Records: unknown[]) => ({ Records });

describe('the wrapper', () => {
  let server: Server;
  let status = 200;
  const requests: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  beforeEach(() => {
    requests.length = 0;
    status = 200;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  test('passes a batch without probes on unchanged, with context, callback and result', () => {
    const handler = vi.fn(() => 'sync');
    const [event, context, callback] = [batch(record('a'), record('b', PROBE_KEY)), {}, () => {}];
    expect(wrapped(handler)(event, context, callback)).toBe('sync');
    expect(handler.mock.calls).toEqual([[event, context, callback]]);
    expect(requests).toEqual([]);
  });

  test.each([undefined, 'text', {}, { Records: 'no' }, { Records: [null, {}, 1] }])('passes %o on', (event) => {
    expect(wrapped((given: unknown) => ({ given }))(event)).toEqual({ given: event });
  });

  test('answers a batch of only probes, each id once', async () => {
    const handler = vi.fn();
    expect(await wrapped(handler)(batch(probe('u-1'), probe('u-1'), probe('u-2')))).toEqual({ batchItemFailures: [] });
    expect(handler).not.toHaveBeenCalled();
    expect(requests.sort()).toEqual([`PUT /${bucket}/u-1`, `PUT /${bucket}/u-2`]);
  });

  test.each([
    ['async', async ({ Records }: { Records: unknown[] }) => ({ batchItemFailures: Records })],
    [
      'callback',
      ({ Records }: { Records: unknown[] }, _: unknown, back: (error: unknown, result: unknown) => void) =>
        void setImmediate(() => back(null, { batchItemFailures: Records })),
    ],
  ])('passes the other records to a handler (%s) and returns its result', async (_, handler) => {
    const others = [record('a'), record('b')];
    expect(await wrapped(handler)(batch(others[0], probe(), others[1]), {}, () => {})).toEqual({
      batchItemFailures: others,
    });
  });

  test.each([
    ['rejects', async () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['calls back with an error', (_e: unknown, _c: unknown, back: (error: Error) => void) => back(new Error('no'))],
  ])('fails if the handler %s', async (_, handler) => {
    await expect(wrapped(handler)(batch(probe(), record('a')))).rejects.toThrow('no');
    expect(requests).toHaveLength(1);
  });

  test('finishes when the handler returns no promise and takes no callback', async () => {
    expect(await wrapped(() => 1)(batch(probe(), record('a')))).toBeUndefined();
  });

  test('declares no callback, which Node.js 24 rejects', () => {
    expect(wrapped((_e: unknown, _c: unknown, _b: unknown) => 1)).toHaveLength(0);
  });

  test('does not fail the batch when an answer comes after the wait', async () => {
    status = 404;
    expect(await wrapped(vi.fn())(batch(probe()))).toEqual({ batchItemFailures: [] });
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(await wrapped(vi.fn())(batch(probe()))).toEqual({ batchItemFailures: [] });
  });

  test.each([
    record('not JSON', PROBE_KEY),
    record('{}', PROBE_KEY),
    record(JSON.stringify({ readyHooksProbe: { bucket: 'my-bucket', id: 'x' } }), PROBE_KEY),
    record(JSON.stringify({ readyHooksProbe: { bucket, id: 'x' } }), 'other-key'),
  ])('does not mistake another record for a probe: %o', async (other) => {
    expect(await wrapped(async (event: unknown) => event)(batch(other))).toEqual(batch(other));
    expect(requests).toEqual([]);
  });

  test('wraps a handler inside an export, and leaves its siblings alone', async () => {
    const api = Object.freeze({ v1: Object.freeze({ get: async () => 'got', other: 1 }), name: 'api' });
    const { v1, name } = wrapAt(api as never, ['v1', 'get']) as typeof api;
    expect([name, v1.other, await v1.get()]).toEqual(['api', 1, 'got']);
    expect(await (v1.get as Handler)(batch(probe()))).toEqual({ batchItemFailures: [] });
  });
});
