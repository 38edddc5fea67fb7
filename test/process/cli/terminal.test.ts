import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { onTerminal } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';
import { CTRL_C, CTRL_D } from '../../support/terminal.ts';

const cwd = sharedFolder({
  '10-s.json': '{"streams":{"s":{}}}',
  'three.jsonl': '1\n2\n3\n',
  'many.jsonl': '1\n'.repeat(100_000),
});

const servers: Server[] = [];
afterAll(() => {
  for (const each of servers) each.close().closeAllConnections();
});

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const started = createServer(answer);
  await once(started.listen(0, '127.0.0.1'), 'listening');
  servers.push(started);
  return { AWS_ENDPOINT_URL: `http://127.0.0.1:${(started.address() as AddressInfo).port}` };
}

/** An engine that takes its time, and is none. */
const slow = () => server((_, response) => void setTimeout(() => response.writeHead(404).end(), 1_200));

/** An engine with the stream s, which takes this time for each request with records. */
const streamOf = (ms: number) =>
  server(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (target.endsWith('ListStreams')) return void response.end('{"StreamNames":["s"],"HasMoreStreams":false}');
    if (!target.endsWith('PutRecords')) return void response.end('{"version":"4.14.0"}');
    const { Records } = JSON.parse(await text(request));
    const answer = JSON.stringify({ FailedRecordCount: 0, Records: Records.map(() => ({ SequenceNumber: '1' })) });
    setTimeout(() => response.end(answer), ms);
  });

test.concurrent.each([
  ['apply', ['10-s.json'], 'connecting for 10-s'],
  ['plan', ['10-s.json', '--endpoint'], 'comparing with the engine'],
  ['destroy', ['10-s.json'], 'deleting what 10-s.json declares'],
  ['status', ['10-s.json'], 'checking the engine'],
  ['doctor', ['10-s.json'], 'checking the engine'],
])('%s shows what it does and the elapsed seconds, and ends with the reason in red', async (command, args, doing) => {
  const env = await slow();
  const given = args.map((arg) => (arg === '--endpoint' ? `--endpoint=${env.AWS_ENDPOINT_URL}` : arg));
  const terminal = onTerminal([command, ...given], { cwd, env });
  await terminal.shows(new RegExp(`^${doing} … \\d s$`, 'm'));
  expect(await terminal.ended).toBe(1);
  expect(terminal.coloured()).toMatch(/^<red>ready-hooks: The server at http:.*<\/>$/);
});

test.concurrent('a long live line leaves nothing behind on a narrow terminal', async () => {
  const terminal = onTerminal(['doctor', '10-s.json'], { cwd, env: await slow(), columns: 20 });
  await terminal.shows(/^checking the {2}… \d s$/m);
  await terminal.ended;
  expect(terminal.text()).toMatch(/^ready-hooks: The server at .*\.$/);
});

test.concurrent('with NO_COLOR, no text has a colour', async () => {
  const terminal = onTerminal(['doctor', '10-s.json'], { cwd, env: { ...(await slow()), NO_COLOR: '1' } });
  await terminal.ended;
  expect(terminal.coloured()).toBe(terminal.text());
});

test.concurrent('send counts records, and erases the count before its last line', async () => {
  const args = ['send', 's', 'three.jsonl', '--rate', '1'];
  const terminal = onTerminal(args, { cwd, env: await streamOf(1_100) });
  await terminal.shows(/^sent 2 … \d s$/m);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toMatch(/^ready-hooks: sent 3 records to s in \d\.\d s$/);
});

test.concurrent('send of 100,000 records, and Ctrl-C in the middle of the next ones', async () => {
  const env = await streamOf(5);
  const terminal = onTerminal(['send', 's', 'many.jsonl'], { cwd, env });
  await terminal.shows(/^sent \d{3,} … \d s$/m);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toMatch(/^ready-hooks: sent 100000 records to s in \d+\.\d s$/);

  const stopped = onTerminal(['send', 's', 'many.jsonl'], { cwd, env });
  await stopped.shows(/^sent \d{3,} … \d s$/m);
  stopped.type(CTRL_C);
  expect(await stopped.ended).toBe(130);
  expect(stopped.text()).toMatch(
    /^ready-hooks: sent \d+ records to s before this error\nready-hooks: Stopped by SIGINT\.$/,
  );
  expect(stopped.left()).toEqual([]);
});

test.concurrent('send says that it reads from the terminal, and leaves what is typed there alone', async () => {
  const terminal = onTerminal(['send', 's'], { cwd, env: await streamOf(1_100) });
  await terminal.shows('ready-hooks: reading records from this terminal, one JSON value per line; end with Ctrl-D');
  terminal.type(`{"id":1}\r${CTRL_D}`);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text().split('\n').slice(1)).toEqual([
    '{"id":1}',
    expect.stringMatching(/^ready-hooks: sent 1 record to s in \d\.\d s$/),
  ]);
});

test.concurrent('Ctrl-C ends a command with one clean line', async () => {
  const terminal = onTerminal(['doctor', '10-s.json'], { cwd, env: await server(() => {}) });
  await terminal.shows(/^checking the engine … \d s$/m);
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  expect(terminal.text()).toBe('ready-hooks: Stopped while connecting; nothing was created.');
  expect(terminal.left()).toEqual([]);
});
