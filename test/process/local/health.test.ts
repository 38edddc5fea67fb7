import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { readHealth } from '../../../src/local/machine/port.ts';

// Of the ports that fetch blocks: https://fetch.spec.whatwg.org/#port-blocking
const BLOCKED = 6669;

test('reads the health of an engine on a port that fetch blocks', async () => {
  const engine = createServer((_, response) => response.end('{"version":"4.14.0"}'));
  await once(engine.listen(BLOCKED, '127.0.0.1'), 'listening');
  expect(await readHealth(BLOCKED)).toEqual({ version: '4.14.0' });
  engine.close();
});

test('throws if nothing answers, or not LocalStack', async () => {
  await expect(readHealth(1)).rejects.toThrow();
  const other = createServer((_, response) => response.end('hello'));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  await expect(readHealth((other.address() as { port: number }).port)).rejects.toThrow();
  other.close();
});
