import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { down, findEngine, type LocalEngine, up } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { family, identify, isAlive } from '../../src/local/machine/processes.ts';
import { AbortedError, ExpectedError } from '../../src/runtime/errors.ts';
import { startCli } from '../support/cli.ts';
import { clientOf, invoke, startFunction, startKinesis } from '../support/local-engine.ts';
import { tcpSockets } from '../support/tcp.ts';

let folder: string;
let count = 0;
const started: string[] = [];

/** A folder for one engine, which is stopped after the test. */
function dataDir(): string {
  const dir = join(folder, `engine-${++count}`);
  started.push(dir);
  return dir;
}

/** Deleting a bucket on one engine keeps the other's bucket of that name, also its objects too large for memory. */
async function bucketsAreApart(first: LocalEngine, second: LocalEngine) {
  const [one, other] = [first, second].map((engine) => new S3Client({ ...clientOf(engine), forcePathStyle: true })) as [
    S3Client,
    S3Client,
  ];
  const large = { Bucket: 'same', Key: 'large', Body: Buffer.alloc(600 * 1024, 'x') };
  for (const s3 of [one, other]) {
    await s3.send(new CreateBucketCommand({ Bucket: 'same' }));
    await s3.send(new PutObjectCommand(large));
  }
  await one.send(new DeleteObjectCommand({ Bucket: 'same', Key: 'large' }));
  await one.send(new DeleteBucketCommand({ Bucket: 'same' }));
  await other.send(new PutObjectCommand({ ...large, Key: 'after' }));
  const { ContentLength } = await other.send(new HeadObjectCommand({ Bucket: 'same', Key: 'after' }));
  expect(ContentLength).toBe(large.Body.length);
}

function identityOf(engine: LocalEngine) {
  const identity = identify(engine.pid);
  if (!identity) throw new Error('the engine does not run');
  return identity;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-up-'));
});

afterEach(async () => {
  for (const dir of started.splice(0)) await down({ dataDir: dir });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('up, up again, a second engine beside it, down, up', async () => {
  const dir = dataDir();
  const messages: string[] = [];
  const first = await up({ port: 0, dataDir: dir });
  expect(await up({ port: first.port, dataDir: dir, onProgress: (message) => messages.push(message) })).toEqual(first);
  expect(messages).toEqual([`LocalStack ${first.version} already runs on port ${first.port}`]);
  await expect(up({ port: first.port, version: '4.2.0' })).rejects.toThrow(/4\.2\.0 was requested.*down --port/);
  expect(await findEngine({ port: first.port })).toEqual(first);

  await expect(up({ port: 0, dataDir: dir })).rejects.toThrow(`is in use by the engine on port ${first.port}`);

  const second = await up({ port: 0, dataDir: dataDir() });
  await startKinesis(first);
  await startFunction(first);
  await startKinesis(second);
  if (process.platform === 'linux') {
    const addresses = listening([...family(identityOf(first)), ...family(identityOf(second))].map(({ pid }) => pid));
    expect(addresses.length).toBeGreaterThanOrEqual(4); // two gateways, two Kinesis engines
    expect(new Set(addresses)).toEqual(new Set(['0100007F']));
  }

  await bucketsAreApart(first, second);

  const processes = family(identityOf(first));
  expect(processes).toHaveLength(3);
  expect(await down({ dataDir: dir })).toMatchObject({ product: 'localstack' });
  expect(processes.filter(isAlive)).toEqual([]);
  expect(await down({ dataDir: dir })).toBeUndefined();
  expect(await findEngine({ port: first.port })).toBeUndefined();
  expect(readdirSync(dir)).toEqual(['localstack.log']);
  expect(await findEngine({ port: second.port })).toEqual(second);

  const again = await up({ port: first.port, dataDir: dir });
  await startKinesis(again);
  expect(readdirSync(dir)).toContain('localstack.previous.log');
});

test('killed: nothing is left behind, and up works again', async () => {
  const dir = dataDir();
  const engine = await up({ port: 0, dataDir: dir });
  await startKinesis(engine);
  const lambda = await startFunction(engine);
  const busy = invoke(lambda, { busy: true }).catch(() => undefined);
  const processes = family(identityOf(engine));
  process.kill(engine.pid, 'SIGKILL');
  await expect.poll(() => processes.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  await busy;
  expect(await down({ dataDir: dir })).toBeUndefined();
  await startKinesis(await up({ port: engine.port, dataDir: dir }));
});

test('hooks run, find the files beside them, and have node', async () => {
  const hooksDir = join(folder, 'ready.d');
  await mkdir(join(hooksDir, '10-example'), { recursive: true });
  await writeFile(join(hooksDir, '10-example', 'text'), 'beside the hook');
  const script = `#!/bin/sh\ncat "$(dirname "$0")/10-example/text"\nnode -p '"node " + process.execPath'\necho "at $GATEWAY_LISTEN with $FROM_SHELL"\n`;
  await writeFile(join(hooksDir, '10-example.sh'), script);
  await chmod(join(hooksDir, '10-example.sh'), 0o755);
  process.env['FROM_SHELL'] = 'a variable of the shell';
  await expect(up({ port: 0, dataDir: dataDir(), hooksDir: `${hooksDir}.gone` })).rejects.toThrow(/ready-hooks build/);
  const engine = await up({ port: 0, dataDir: dataDir(), hooksDir });
  const state = async () => (await (await fetch(`${engine.endpoint}/_localstack/init/ready`)).json()) as object;
  await expect
    .poll(state, { timeout: 20_000 })
    .toMatchObject({ scripts: [{ name: '10-example.sh', state: 'SUCCESSFUL' }] });
  const log = await readFile(engine.logFile, 'utf8');
  for (const text of ['beside the hook', `node ${process.execPath}`, `at 127.0.0.1:${engine.port} with a variable`]) {
    expect(log).toContain(text);
  }
});

test('stopped while its hooks run, the engine ends, and the hook can clean up', async () => {
  const hooks = join(folder, 'slow-hooks');
  await mkdir(hooks);
  const [began, ended] = [join(folder, 'began'), join(folder, 'ended')];
  await writeFile(
    join(hooks, '10-slow.sh'),
    `#!/bin/sh\ntrap 'echo >"${ended}"; exit 1' TERM\necho >"${began}"\nsleep 60 & wait\n`,
  );
  await chmod(join(hooks, '10-slow.sh'), 0o755);
  const dir = dataDir();
  const port = await freePort();
  const args = ['up', '--engine', 'localstack', '--port', String(port), '--data', dir, '--hooks', hooks];
  const { said, ended: exit, stop } = startCli(args);
  await expect.poll(() => existsSync(began), { timeout: 30_000 }).toBe(true);
  stop();
  expect(await exit).toBe(130);
  expect(said.stderr).toContain('is stopped, too');
  expect(existsSync(ended)).toBe(true);
  expect(await findEngine({ port })).toBeUndefined();
});

test('a port in use is reported, with the program that uses it', async () => {
  const answers: [(string | undefined)?] = [];
  const server = createServer((_, response) => response.end(answers[0] ?? 'hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(up({ port, dataDir: dataDir() })).rejects.toThrow(
    `Port ${port} is in use by another program: stop it, or choose another port with --port ${port + 1}.`,
  );
  answers[0] = JSON.stringify({ version: '4.14.0' });
  await expect(up({ port, dataDir: dataDir() })).rejects.toThrow(/in use by another LocalStack \(4\.14\.0\)/);
  server.close();
});

test('an engine that exits while starting is reported with its reason and its log', async () => {
  const dir = dataDir();
  const error = await up({ port: 0, dataDir: dir, env: { GATEWAY_SERVER: 'nope' } }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ExpectedError);
  expect(String(error)).toMatch(/LocalStack exited while starting: .*nope.*\. Its log: .*localstack\.log/);
  expect(await findEngine({ dataDir: dir })).toBeUndefined();
});

test('an aborted start leaves nothing', async () => {
  const stop = new AbortController();
  const port = await freePort();
  const onProgress = (message: string) => message.startsWith('starting') && setTimeout(() => stop.abort(), 100);
  await expect(up({ port, dataDir: dataDir(), signal: stop.signal, onProgress })).rejects.toThrow(AbortedError);
  expect(await findEngine({ port })).toBeUndefined();
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});

test('the command that starts it ends, with its output piped', async () => {
  const dir = dataDir();
  const script = join(folder, 'up.mts');
  const index = new URL('../../src/local/index.ts', import.meta.url);
  await writeFile(
    script,
    `import { up } from '${index}'; console.log((await up({ port: 0, dataDir: '${dir}' })).endpoint);`,
  );
  const tsx = new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, script], { timeout: 30_000 });
  expect((await findEngine({ dataDir: dir }))?.endpoint).toBe(stdout.trim());
});

/** Local addresses, as the kernel writes them, on which these processes listen by IPv4. */
function listening(pids: readonly number[]): string[] {
  const sockets = new Map<string, string>();
  for (const { local, state, inode } of tcpSockets()) {
    if (state === '0A') sockets.set(`socket:[${inode}]`, local.split(':')[0] ?? '');
  }
  return pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const file = `/proc/${pid}/fd/${fd}`;
      return existsSync(file) ? (sockets.get(readlinkSync(file)) ?? []) : [];
    }),
  );
}

test('an engine on a port that nobody chose leaves no folder in the cache', async () => {
  const { dataDir, port } = await up({ port: 0, engine: 'ministack' });
  expect(existsSync(dataDir)).toBe(true);
  await down({ port });
  expect(existsSync(dataDir)).toBe(false);
});
