import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cliCommand } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

const cwd = sharedFolder({ '10-s.json': '{"streams":{"s":{}}}' });

/** What `ready-hooks` writes to a terminal. */
function onTerminal(args: string[], env: Record<string, string>): Promise<string> {
  const command = ['-c', 'import pty, sys; pty.spawn(sys.argv[1:])', ...cliCommand(args)];
  const options = { cwd, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env } };
  return new Promise((done) => {
    execFile('python3', command, options, (_, stdout) => done(stdout)).stdin?.end();
  });
}

/** An engine that takes its time. */
async function slowEngine(): Promise<string> {
  const server = createServer((_, response) => void setTimeout(() => response.writeHead(404).end(), 1_200));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.concurrent('send on a terminal says that it reads from it', async () => {
  const written = await onTerminal(['send', 's'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:59998' });
  expect(written).toMatch(
    /^ready-hooks: reading records from this terminal, one JSON value per line; end with Ctrl-D\r\n/,
  );
});

test.concurrent('what takes over a second is shown with the elapsed seconds, and erased', async () => {
  const written = await onTerminal(['apply', '10-s.json'], { AWS_ENDPOINT_URL: await slowEngine() });
  expect(written).toContain('connecting for 10-s … 1 s');
  expect(written).toContain('\u001B[1G\u001B[2Kready-hooks: The server at ');
});
