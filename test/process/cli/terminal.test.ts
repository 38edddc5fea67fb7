import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { onTerminal } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';
import { CTRL_C, CTRL_D } from '../../support/terminal.ts';

const cwd = sharedFolder({ '10-s.json': '{"streams":{"s":{}}}', 'three.jsonl': '1\n2\n3\n' });

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const started = createServer(answer);
  await once(started.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void started.close().closeAllConnections());
  return { AWS_ENDPOINT_URL: `http://127.0.0.1:${(started.address() as AddressInfo).port}` };
}

/** An engine that takes its time, and is none. */
const slow = () => server((_, response) => void setTimeout(() => response.writeHead(404).end(), 1_200));

/** An engine with the stream s, which accepts a record each second. */
const slowStream = () =>
  server((request, response) => {
    const target = String(request.headers['x-amz-target']);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (target.endsWith('ListStreams')) response.end('{"StreamNames":["s"],"HasMoreStreams":false}');
    else if (!target.endsWith('PutRecords')) response.end('{"version":"4.14.0"}');
    else setTimeout(() => response.end('{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"}]}'), 1_100);
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
  await terminal.shows(`${doing} … 1 s`);
  expect(await terminal.ended).toBe(1);
  expect(terminal.coloured()).toMatch(/^<red>ready-hooks: The server at http:.*<\/>$/);
});

test.concurrent('a long live line leaves nothing behind on a narrow terminal', async () => {
  const terminal = onTerminal(['doctor', '10-s.json'], { cwd, env: await slow(), columns: 20 });
  await terminal.shows('checking the  … 1 s');
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
  const terminal = onTerminal(args, { cwd, env: await slowStream() });
  await terminal.shows(/^sent 2 … \d s$/m);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toMatch(/^ready-hooks: sent 3 records to s in \d\.\d s$/);
});

test.concurrent('send says that it reads from the terminal, and leaves what is typed there alone', async () => {
  const terminal = onTerminal(['send', 's'], { cwd, env: await slowStream() });
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
  await terminal.shows('checking the engine … 1 s');
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  expect(terminal.text()).toBe('ready-hooks: Stopped while connecting; nothing was created.');
  expect(terminal.left()).toEqual([]);
});
