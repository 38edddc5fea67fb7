import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextRound } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { installKinesis } from '../../src/local/localstack/install.ts';
import { layOutKinesis } from '../../src/local/localstack/layout.ts';
import { RELEASES } from '../../src/local/localstack/releases.ts';
import { freePort } from '../../src/local/machine/port.ts';

/** One after the other; each is likely to reach the engine between two reads. */
const CONNECTIONS = 20;
/** Requests that each connection sends without waiting for a response: some arrive while the engine answers another one. */
const REQUESTS = 40;
const NODE_26 = join(import.meta.dirname, '../support/one-buffer-reads.cjs');

let folder: string;
let engine: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ready-hooks-kinesis-'));
  const [release] = RELEASES;
  if (!release) throw new Error('No release is known');
  engine = layOutKinesis(folder, release, await installKinesis(release, {}));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the Kinesis engine answers every request under Node 26, in however many pieces it arrives', async () => {
  expect(await answersAll(join(engine, 'main.js'))).toBe(true);
});

test('without our start script it leaves requests unread, so that this test can fail', async () => {
  expect(await answersAll(join(readlinkSync(join(engine, 'real')), 'main.js'))).toBe(false);
});

/** Starts an engine that reads as under Node 26; false once a connection waits 5 s for a response. */
async function answersAll(main: string): Promise<boolean> {
  const port = await freePort();
  const child = spawn(process.execPath, ['--require', NODE_26, main], {
    cwd: engine,
    stdio: 'ignore',
    env: {
      KINESIS_MOCK_CERT_PATH: join(engine, 'server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(await freePort()),
    },
  });
  try {
    await vi.waitFor(async () => (await opened(port)).destroy(), { timeout: 20_000, interval: 50 });
    for (let connection = 0; connection < CONNECTIONS; connection++) if (!(await allAnswered(port))) return false;
    return true;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

async function allAnswered(port: number): Promise<boolean> {
  const socket = await opened(port);
  let answers = 0;
  const all = new Promise<boolean>((resolve) => {
    const limit = setTimeout(() => resolve(false), 5_000);
    socket.on('data', (chunk) => {
      answers += chunk.toString().split('HTTP/1.1 200').length - 1;
      if (answers < REQUESTS) return;
      clearTimeout(limit);
      resolve(true);
    });
  });
  const body = '{"Limit":100}';
  for (let request = 0; request < REQUESTS; request++) {
    await sendPiece(socket, head(port, body.length));
    await sendPiece(socket, body);
  }
  return all.finally(() => socket.destroy());
}

function head(port: number, length: number): string {
  return [
    'POST / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'X-Amz-Target: Kinesis_20131202.ListStreams',
    'X-Amz-Date: 20250101T000000Z',
    'Authorization: AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=x',
    'Content-Type: application/x-amz-json-1.1',
    `Content-Length: ${length}\r\n\r\n`,
  ].join('\r\n');
}

/** In a separate packet, half a millisecond before the next one: timers only have whole milliseconds. */
async function sendPiece(socket: Socket, piece: string): Promise<void> {
  socket.write(piece);
  const until = performance.now() + 0.5;
  do await nextRound();
  while (performance.now() < until);
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}
