import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCli } from '../../support/cli.ts';

// An engine that knows its one stream and answers no other request of AWS, and one that never answers at all.
let hanging: Server;
let silent: Server;
const requests = { hanging: 0, silent: 0 };
beforeAll(async () => {
  hanging = createServer((request, response) => {
    if (request.url?.startsWith('/_localstack/')) return void response.end('{"version":"4.14.0"}');
    if (request.url?.startsWith('/_')) return void response.writeHead(404).end();
    requests.hanging++;
    if (String(request.headers['x-amz-target']).endsWith('ListStreams'))
      response
        .setHeader('content-type', 'application/x-amz-json-1.1')
        .end('{"StreamNames":["s"],"HasMoreStreams":false}');
  });
  silent = createServer(() => {
    requests.silent++;
  });
  await Promise.all([hanging, silent].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
});
afterAll(() => {
  for (const server of [hanging, silent]) server.close().closeAllConnections();
});

const EXIT = { SIGINT: 130, SIGTERM: 143 } as const;
const DEFINITION = 'init/10-hallow-events.ts';
const COMMANDS: [string, string[]][] = [
  ['apply', [DEFINITION]],
  ['destroy', [DEFINITION]],
  ['dev', [DEFINITION]],
  ['doctor', [DEFINITION]],
  ['plan', [DEFINITION]],
  ['send', ['s', 'package.json', '--raw']],
  ['status', [DEFINITION]],
  ['status', [DEFINITION, '--wait']],
  ['tail', ['hallow-events']],
];
const cases = COMMANDS.flatMap(([command, args]) =>
  (['hanging', 'silent'] as const).flatMap((engine) =>
    (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ command, args, engine, signal })),
  ),
);

test.each(cases)('$signal stops $command $args while a $engine engine has its request', async (each) => {
  const { command, args, engine, signal } = each;
  const server = engine === 'hanging' ? hanging : silent;
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = requests[engine];
  const { said, ended, stop } = startCli([command, ...args, '--endpoint', endpoint]);
  await expect.poll(() => requests[engine], { timeout: 20_000, interval: 20 }).toBeGreaterThan(before);
  const stoppedAt = performance.now();
  stop(signal);
  expect(await ended).toBe(EXIT[signal]);
  expect(performance.now() - stoppedAt).toBeLessThan(3_000);
  // dev and tail run until they are stopped, so they need not say so.
  expect(said.stderr).toMatch(
    ['dev', 'tail'].includes(command) ? /^(ready-hooks: [^\n]+\n)*$/ : /^(ready-hooks: [^\n]+\n)+$/,
  );
  expect(said.stderr + said.stdout).not.toMatch(/bug|FAILED| at .*\.ts/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops send while it reads standard input', async (signal) => {
  const endpoint = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  const before = requests.hanging;
  const { said, ended, stop } = startCli(['send', 's', '--endpoint', endpoint]);
  await expect.poll(() => requests.hanging, { timeout: 20_000, interval: 20 }).toBeGreaterThan(before);
  stop(signal);
  expect(await ended).toBe(EXIT[signal]);
  expect(said.stderr).toBe(`ready-hooks: sent 0 records to s before this error\nready-hooks: Stopped by ${signal}.\n`);
});
