import { afterAll, expect, test } from 'vitest';
import { down } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { script } from '../support/cli.ts';

const port = await freePort();
const start = () => script('scripts/start.ts', ['--engine', 'localstack', '--port', String(port)]);
const stop = () => script('scripts/stop.ts', ['--port', String(port)]);
afterAll(() => down({ port }));

test('npm start delivers 20 of 20, again on the running engine, and npm stop stops it', async () => {
  const first = await start();
  expect(first.stderr).toBe('');
  expect(first.stdout).toMatch(/^ready-hooks: 10-hallow-events is ready in .* 4 created$/m);
  expect(first.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  expect(first.stdout).toContain('time    .ready-hooks/timeline/10-hallow-events.svg');
  expect(first.code).toBe(0);

  const second = await start();
  expect(second.stdout).toMatch(/all 4 resources unchanged/);
  expect(second.stdout).toMatch(/\n20 of 20 events delivered\n$/);
  expect(second.code).toBe(0);

  expect(await stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('LocalStack stopped.') });
  // The engines of other tests run, too.
  const again = await stop();
  expect(again.stdout).toMatch(/^Nothing was stopped\. Other engines run on port [\d, ]+: stop one with --port\.\n$/);
  expect(again.code).toBe(0);
});

test('a port in use is reported', async () => {
  const { createServer } = await import('node:http');
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
  const { code, stderr } = await start();
  await new Promise((done) => other.close(done));
  expect(stderr).toContain(`ready-hooks: Port ${port} is in use by another program`);
  expect(code).toBe(1);
});
