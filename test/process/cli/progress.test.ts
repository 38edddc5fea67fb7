import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cliCommand } from '../../support/cli.ts';
import { folderWith } from '../../support/folder.ts';

const PTY = 'import pty, sys; pty.spawn(sys.argv[1:])';

test('on a terminal, send removes its progress line before the last one', async () => {
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (target.endsWith('ListStreams')) response.end('{"StreamNames":["s"],"HasMoreStreams":false}');
    else if (target.endsWith('PutRecords')) response.end('{"FailedRecordCount":0,"Records":[{"SequenceNumber":"1"}]}');
    else response.end('{"version":"4.14.0"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(folderWith({ 'one.jsonl': '1\n' }), 'one.jsonl');
  const command = cliCommand(['send', 's', file, '--endpoint', endpoint]);
  const { stdout } = await promisify(execFile)('python3', ['-c', PTY, ...command]);
  server.close();
  const [progress, last] = stdout.split('\r\x1b[K');
  expect(progress).toMatch(/\rsent 1$/);
  expect(last).toMatch(/^ready-hooks: sent 1 record to s in [\d.]+ s\r\n$/);
});
