import { expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

const stream = (name: string) => JSON.stringify({ streams: { [name]: {} } });
const cwd = sharedFolder({
  'init/10-events.json': stream('events'),
  'init/20-orders.json': stream('orders'),
  'more/30-mail.json': stream('mail'),
  '.cache/ready.d/10-events.sh': '',
  '.cache/ready.d/10-events/pipeline.json': stream('built'),
  '.cache/ready.d/10-events/pipeline.schema.json': '{}',
});
const env = { AWS_ENDPOINT_URL: 'localhost:59998' };
const run = (...args: string[]) => cli(args, { cwd, env });

test.concurrent.each([
  [[], 'init/10-events.json: valid, 1 resource\ninit/20-orders.json: valid, 1 resource\n'],
  [['10-events'], 'init/10-events.json: valid, 1 resource\n'],
  [['more', '20-orders'], 'more/30-mail.json: valid, 1 resource\ninit/20-orders.json: valid, 1 resource\n'],
  [['.cache/ready.d/10-events'], '.cache/ready.d/10-events/pipeline.json: valid, 1 resource\n'],
])('validate %j', async (names, stdout) => {
  expect(await run('validate', ...names)).toEqual({ code: 0, stdout, stderr: '' });
});

test.concurrent.each([
  [
    ['validate', '10-evnts'],
    /There is no definition 10-evnts, neither as a file nor in init\/; did you mean '10-events'\?/,
  ],
  [
    ['apply', 'mail'],
    /There is no definition mail, neither as a file nor in init\/; init\/ has 10-events, 20-orders\.$/m,
  ],
  [['destroy', 'init'], /init holds 2 definitions: .* Name one/],
  [['destroy', '20-orders'], /Nothing answers at http:\/\/localhost:59998/],
])('%j fails with one sentence', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
});

test.concurrent('plan compares with nothing if no engine answers at the default address', async () => {
  const { code, stdout } = await run('diff', '10-events');
  expect(stdout).toMatch(
    /\nCompared with nothing, so no changes are shown\. Nothing answers at http:\/\/localhost:59998 .*\n$/,
  );
  expect(code).toBe(0);
  expect(await run('plan', '--endpoint-url', 'localhost:59998')).toMatchObject({ code: 1, stdout: '' });
  expect(await run('plan', '--detailed-exitcode')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ready-hooks: Compared with nothing'),
  });
});
