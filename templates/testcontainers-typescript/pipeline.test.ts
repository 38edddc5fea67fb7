import { LocalstackContainer, type StartedLocalStackContainer } from '@testcontainers/localstack';
import { afterAll, beforeAll, expect, test } from 'vitest';

const READY_D = '/etc/localstack/init/ready.d';
let localstack: StartedLocalStackContainer;

beforeAll(async () => {
  localstack = await new LocalstackContainer('localstack/localstack:4.14.0')
    .withBindMounts([{ source: '/var/run/docker.sock', target: '/var/run/docker.sock' }])
    .withCopyDirectoriesToContainer([{ source: 'init/ready.d', target: READY_D }])
    .start();
  // LocalStack reports Ready even if a hook failed: this waits for all hooks, and fails if one did.
  const { exitCode, output } = await localstack.exec(['node', `${READY_D}/ready-hooks.cjs`, '--wait']);
  if (exitCode !== 0) throw new Error(output);
}, 300_000);

// The time to stop its functions' containers: by default, Testcontainers kills LocalStack, and they stay until Ryuk removes them.
afterAll(() => localstack?.stop({ timeout: 10_000 }), 30_000);

const aws = async (...args: string[]) => (await localstack.exec(['awslocal', ...args])).output;

test('an event arrives in the bucket', async () => {
  const data = Buffer.from('{"id":"a"}').toString('base64');
  await aws('kinesis', 'put-record', '--stream-name', 'events', '--partition-key', 'a', '--data', data);
  await expect.poll(() => aws('s3', 'ls', 's3://events', '--recursive'), { timeout: 30_000 }).toContain('.json');
}, 60_000);
