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

/** Calls a handler as Lambda's Node.js runtime does, for a handler that returns a promise or calls back. */
const invoke = (handler: Handler, event: unknown) =>
  new Promise((resolve, reject) => {
    const back = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
    (handler(event, {}, back) as Promise<unknown>).then(resolve, reject);
  });
const probe = (id = 'u-1') => record(JSON.stringify({ readyHooksProbe: { bucket, id } }), PROBE_KEY);
const batch = (...Records: unknown[]) => ({ Records });

describe('the wrapper', () => {
  let server: Server;
  let status = 200;
  const requests: string[] = [];
  let discards: Record<string, string> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(status).end(request.method === 'GET' ? JSON.stringify(discards) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    requests.length = 0;
    status = 200;
    discards = {};
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  test('passes a batch without marks on unchanged, with context and result', async () => {
    const handler = vi.fn(async () => 'result');
    const [event, context] = [batch(record('a'), record('b', PROBE_KEY)), {}];
    expect(await wrapped(handler)(event, context)).toBe('result');
    expect(handler.mock.calls).toEqual([[event, context, expect.any(Function)]]);
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
    expect(await invoke(wrapped(handler), batch(others[0], probe(), others[1]))).toEqual({ batchItemFailures: others });
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
    await expect(invoke(wrapped(handler), batch(probe(), record('a')))).rejects.toThrow('no');
    expect(requests).toHaveLength(1);
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

  describe('a fence', () => {
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const at = (sequence: number, data: string, partitionKey = 'p') => ({
      eventID: `shardId-0:${sequence}`,
      eventSourceARN: arn,
      kinesis: { partitionKey, data: btoa(data), sequenceNumber: String(sequence) },
    });
    const fence = (sequence: number, id: string, more: object = {}) =>
      at(sequence, JSON.stringify({ readyHooksFence: { bucket: 'ready-hooks-fence-0', id, ...more } }), PROBE_KEY);
    const failed = (...sequences: unknown[]) => ({
      batchItemFailures: sequences.map((each) => ({ itemIdentifier: each })),
    });
    const puts = () =>
      requests.filter((each) => each.startsWith('PUT')).map((each) => each.split('/').slice(2).join('/'));
    beforeAll(() => void vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'f'));

    test.each<[string, unknown[], unknown, string[]]>([
      ['is acknowledged alone', [fence(1, 'a')], undefined, ['a/f']],
      ['is acknowledged after its records', [at(1, 'x'), fence(2, 'a')], undefined, ['a/f']],
      ['in front of failing records', [fence(1, 'a'), at(2, 'x')], new Error('no'), ['a/f']],
      ['behind failing records', [at(1, 'x'), fence(2, 'a')], new Error('no'), []],
      ['on both sides', [fence(1, 'a'), at(2, 'x'), fence(3, 'b')], new Error('no'), ['a/f']],
      ['behind a reported record', [at(1, 'x'), fence(2, 'a'), at(3, 'y')], failed('1'), ['a/f.partly']],
      ['in front of a reported record', [at(1, 'x'), fence(2, 'a'), at(3, 'y')], failed('3'), ['a/f']],
      ['behind the lowest reported', [at(1, 'x'), fence(2, 'a'), at(10, 'y')], failed('10', '1'), ['a/f.partly']],
      ['numbers have many digits', [at(9, 'x'), fence(10, 'a'), at(11, 'y')], failed('11'), ['a/f']],
      ['behind a report without a number', [at(1, 'x'), fence(2, 'a')], failed(null), ['a/f.partly']],
      ['behind an unknown record', [at(1, 'x'), fence(2, 'a'), at(3, 'y')], failed('4'), ['a/f.partly']],
      ['behind a text', [at(1, 'x'), fence(2, 'a')], 'done', ['a/f.partly']],
      ['behind a list', [at(1, 'x'), fence(2, 'a')], [1], ['a/f.partly']],
      ['behind another report', [at(1, 'x'), fence(2, 'a')], { batchItemFailures: 'all' }, ['a/f.partly']],
      ['behind a response', [at(1, 'x'), fence(2, 'a')], { statusCode: 200 }, ['a/f']],
      ['behind an empty report', [at(1, 'x'), fence(2, 'a')], failed(), ['a/f']],
      ['behind a result that cannot be sent', [at(1, 'x'), fence(2, 'a')], { big: 1n }, []],
    ])('%s', async (_, records, result, acknowledged) => {
      const handler = wrapped(async () => {
        if (result instanceof Error) throw result;
        return result;
      });
      const answer = handler(batch(...records));
      if (result instanceof Error) await expect(answer).rejects.toThrow('no');
      else await answer;
      expect(puts()).toEqual(acknowledged);
    });

    test('is not acknowledged before the handler has finished', async () => {
      let finish = () => {};
      const handler = wrapped(() => new Promise<void>((done) => (finish = done)));
      const answer = handler(batch(at(1, 'x'), fence(2, 'a')));
      await vi.waitFor(() => expect(requests).toContainEqual(expect.stringMatching(/^GET .*\/discards\/s$/)));
      await new Promise(setImmediate);
      expect(puts()).toEqual([]);
      finish();
      await answer;
      expect(puts()).toEqual(['a/f']);
    });

    test('keeps the batches of a tumbling window, also an empty one', async () => {
      const handler = vi.fn(async ({ state }: { state: object }) => ({ state }));
      const event = { ...batch(fence(1, 'a')), window: {}, state: { sum: 1 }, isFinalInvokeForWindow: true };
      expect(await wrapped(handler)(event)).toEqual({ state: { sum: 1 } });
      expect(handler.mock.calls[0]?.[0]).toEqual({ ...event, Records: [] });
      expect(puts()).toEqual(['a/f']);
    });

    test('with discard, drops the records before it, in its batch and in later ones', async () => {
      const handler = vi.fn(async () => undefined);
      const fn = wrapped(handler);
      await fn(batch(at(1, 'x'), fence(2, 'a', { discard: true }), at(3, 'y')));
      expect(handler.mock.calls).toEqual([[batch(at(3, 'y')), undefined, expect.any(Function)]]);
      expect(await fn(batch(at(1, 'x')))).toEqual({ batchItemFailures: [] });
      expect(handler).toHaveBeenCalledTimes(1);
      expect(puts()).toEqual(['a/f']);
    });

    test('a new process and a retry ask what to drop, a batch after a success does not', async () => {
      let failing = false;
      const handler = vi.fn(async () => {
        if (failing) throw new Error('no');
      });
      const fn = wrapped(handler);
      const gets = () => requests.filter((each) => each.startsWith('GET')).length;
      await fn(batch(at(1, 'x')));
      await fn(batch(at(2, 'x')));
      expect(gets()).toBe(1);
      failing = true;
      await expect(fn(batch(at(3, 'x')))).rejects.toThrow('no');
      discards = { 'shardId-0': '3' };
      await fn(batch(at(3, 'x')));
      expect([gets(), handler.mock.calls.length]).toEqual([2, 3]);
      expect(requests).toContain('GET /ready-hooks-fence-000000000000-us-east-1/discards/s');
      failing = false;
      await fn(batch(at(4, 'x')));
      expect(handler).toHaveBeenCalledTimes(4);
    });

    test('the wrapper reports what keeps failing', async () => {
      let outcome: unknown = new TypeError('no good');
      const fn = wrapped(async () => {
        if (outcome instanceof Error) throw outcome;
        return outcome;
      });
      const ask = () => fn({ readyHooksFailures: true });
      expect(await ask()).toEqual([]);
      await expect(fn(batch(at(1, 'x'), at(2, 'y')))).rejects.toThrow('no good');
      const failure = { stream: 's', shard: 'shardId-0', sequenceNumber: '1', records: 2, error: 'TypeError: no good' };
      expect(await ask()).toEqual([failure]);
      outcome = failed('2');
      await fn(batch(at(1, 'x'), at(2, 'y'), at(3, 'z')));
      expect(await ask()).toEqual([{ stream: 's', shard: 'shardId-0', sequenceNumber: '2', records: 2 }]);
      outcome = undefined;
      await fn(batch(at(2, 'y')));
      expect(await ask()).toEqual([]);
    });
  });

  test('wraps a handler inside an export, and leaves its siblings alone', async () => {
    const api = Object.freeze({ v1: Object.freeze({ get: async () => 'got', other: 1 }), name: 'api' });
    const { v1, name } = wrapAt(api as never, ['v1', 'get']) as typeof api;
    expect([name, v1.other, await v1.get()]).toEqual(['api', 1, 'got']);
    expect(await (v1.get as Handler)(batch(probe()))).toEqual({ batchItemFailures: [] });
  });
});
