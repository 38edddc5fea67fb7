import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { decode, type handler as Handler } from '../../../init/functions/hallow-event-distributor.ts';
import { BAD, base64, eventOf, record, sequenceNumber } from './kinesis-event.ts';

const keyAt = (index: number) => `events/hallow-event-stream/shardId-000000000006/${sequenceNumber(index)}.jsonl`;
const failures = (...indexes: number[]) => ({
  batchItemFailures: indexes.map((i) => ({ itemIdentifier: sequenceNumber(i) })),
});

describe('the handler, against an S3', () => {
  const objects = new Map<string, string>();
  let status = 200;
  let server: Server;
  let handler: typeof Handler;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request
        .on('data', (part) => parts.push(part))
        .on('end', () => {
          if (status === 200)
            objects.set(`${request.method} ${request.url?.split('?')[0]}`, Buffer.concat(parts).toString());
          response.writeHead(status).end();
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
    vi.stubEnv('BUCKET', 'hallow-events');
    vi.resetModules();
    ({ handler } = await import('../../../init/functions/hallow-event-distributor.ts'));
  });
  beforeEach(() => {
    objects.clear();
    status = 200;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    vi.unstubAllEnvs();
  });

  const stored = () =>
    Object.fromEntries([...objects].map(([key, body]) => [key.replace('PUT /hallow-events/', ''), body]));

  test('writes a batch as one JSON Lines object', async () => {
    expect(await handler(eventOf({ id: 1, text: 'a\nb ü' }, { id: 2 }))).toEqual(failures());
    expect(stored()).toEqual({ [keyAt(0)]: '{"id":1,"text":"a\\nb ü"}\n{"id":2}\n' });
  });

  test('writes nothing for an empty batch', async () => {
    expect(await handler(eventOf())).toEqual(failures());
    expect(stored()).toEqual({});
  });

  test.each(Object.entries(BAD))('reports exactly the records with %s, and writes the others', async (_, bad) => {
    expect(await handler(eventOf({ id: 0 }, bad, { id: 2 }, bad, { id: 4 }))).toEqual(failures(1, 3));
    expect(stored()).toEqual({ [keyAt(0)]: '{"id":0}\n', [keyAt(1)]: '{"id":2}\n{"id":4}\n' });
  });

  test('writes the same objects when the batch is retried', async () => {
    const { Records } = eventOf({ id: 0 }, BAD['bad JSON'], { id: 2 });
    await handler({ Records });
    const before = stored();
    expect(await handler({ Records: Records.slice(1) })).toEqual(failures(1));
    expect(stored()).toEqual(before);
  });

  test('throws while S3 answers 503, then writes each event once', async () => {
    status = 503;
    const event = eventOf({ id: 0 }, { id: 1 });
    await expect(handler(event)).rejects.toThrow();
    status = 200;
    expect(await handler(event)).toEqual(failures());
    expect(stored()).toEqual({ [keyAt(0)]: '{"id":0}\n{"id":1}\n' });
  });

  test('throws while S3 cannot be reached', async () => {
    const { port } = server.address() as AddressInfo;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(handler(eventOf({ id: 0 }))).rejects.toThrow('ECONNREFUSED');
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  });
});

describe('decode', () => {
  test.each([
    ['all good', [{ a: 1 }, { a: 2 }], [[0, 2]], []],
    ['the first bad', ['x', { a: 2 }], [[0, 1]], [0]],
    [
      'one bad in the middle',
      [{ a: 1 }, 'x', { a: 3 }],
      [
        [0, 1],
        [1, 1],
      ],
      [1],
    ],
    [
      'the last bad',
      [{ a: 1 }, 'x'],
      [
        [0, 1],
        [1, 0],
      ],
      [1],
    ],
    ['all bad', ['x', 'x', 'x'], [[0, 0]], [0, 1, 2]],
  ] as [string, unknown[], [number, number][], number[]][])(
    'splits a batch at failures: %s',
    (_, items, objects, failed) => {
      const result = decode(eventOf(...items).Records);
      expect(result.objects.map(({ key, lines }) => [key, lines.length])).toEqual(
        objects.map(([i, count]) => [keyAt(i), count]),
      );
      expect(result.failed).toEqual(failed.map(sequenceNumber));
    },
  );

  test('keeps shards and streams apart', () => {
    const other = record(base64('1'), 0, 'shardId-000000000007');
    expect(decode([other]).objects[0]?.key).toContain('/shardId-000000000007/');
    const consumer = { ...other, eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s2/consumer/c:1' };
    expect(decode([consumer]).objects[0]?.key).toMatch(/^events\/s2\/shardId/);
  });

  // Simulates Lambda: batches of any size, functions that end before, between or after their writes, retries from the lowest failed
  // record, and discarded batches.
  test('stores each event in S3 once, however batches are split and retried', () => {
    const attempt = fc.record({
      size: fc.integer({ min: 1, max: 6 }),
      puts: fc.constantFrom(0, 1, 2, 2, 2),
      ends: fc.constantFrom('ok', 'ok', 'throws'),
      givenUp: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), fc.array(attempt, { maxLength: 40 }), (good, attempts) => {
        const records = good.map((isGood, index) =>
          record(isGood ? base64(`{"id":${index}}`) : BAD['bad JSON'], index),
        );
        const s3 = new Map<string, string[]>();
        const last = { size: records.length, puts: 2, ends: 'ok', givenUp: true };
        let position = 0;
        for (const { size, puts, ends, givenUp } of [...attempts, last]) {
          const batch = records.slice(position, position + size);
          const { objects, failed } = decode(batch);
          const threw = ends === 'throws' || puts < objects.length;
          for (const { key, lines } of objects.slice(0, puts)) s3.set(key, lines);
          if (threw) continue;
          const lowest = batch.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed[0]);
          position += lowest >= 0 && !givenUp ? lowest : batch.length;
        }
        const lines = [...s3.values()].flat().sort();
        const expected = good.flatMap((isGood, index) => (isGood ? [`{"id":${index}}\n`] : [])).sort();
        expect(lines).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
