import { expect, test } from 'vitest';
import { detectEngine, engineName } from '../../../../src/runtime/engine/detect.ts';

const answers = (bodies: Record<string, unknown>) => async (path: string) => ({
  status: path in bodies ? 200 : 404,
  body: bodies[path],
});

test.each([
  ['LocalStack 4.14.0', { '/_localstack/info': { version: '4.14.0', edition: 'community' } }],
  ['LocalStack 4.14.1', { '/_localstack/info': { version: '4.14.1:abc123', edition: 'pro' } }],
  ['LocalStack 2.3.2', { '/_localstack/health': { version: '2.3.2', services: {} } }],
  [
    // Response of 1.7.0: claims LocalStack's community edition, and names itself as the original one.
    'Floci 1.7.0',
    { '/_localstack/info': { original_edition: 'floci-always-free', edition: 'community', version: '1.7.0' } },
  ],
  ['LocalEmu 1.3.2', { '/_localemu/info': { version: '1.3.2', uptime: 15 } }],
  ['MiniStack', { '/_ministack/ready': { total: 0, completed: 0 } }],
  [
    // Responses of 1.5.33: it also serves LocalStack's health path, so it was once mistaken for LocalStack 1.5.33.
    'MiniStack 1.5.33',
    {
      '/_localstack/health': { version: '1.5.33', edition: 'light', services: {} },
      '/_ministack/health': { version: '1.5.33', edition: 'light', services: {} },
      '/_ministack/ready': { status: 'completed', total: 0, completed: 0, failed: 0 },
    },
  ],
])('%s', async (name, bodies) => {
  expect(engineName(await detectEngine('http://x', answers(bodies)))).toBe(name);
});

test('keeps the runtimes that the engine lists', async () => {
  const bodies = {
    '/_localstack/info': { version: '4.14.0' },
    '/_aws/lambda/runtimes?filter=all': { Runtimes: ['nodejs22.x'] },
  };
  expect((await detectEngine('http://x', answers(bodies))).runtimes).toEqual(['nodejs22.x']);
});

test('a server that returns 200 for everything is not an engine', async () => {
  const always = async () => ({ status: 200, body: undefined });
  await expect(detectEngine('http://x:1', always)).rejects.toThrow('is not LocalStack');
});

test('names a server that is not an engine', async () => {
  await expect(detectEngine('http://x:1', answers({}))).rejects.toThrow(
    'The server at http://x:1 is not LocalStack: GET /_localstack/info returned HTTP 404',
  );
});
