import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { LocalstackContainer } from '@testcontainers/localstack';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const WAIT_MS = Number(process.env.WAIT_MS);
const name = 'events';
let container;
let kinesis;
let s3;

beforeAll(async () => {
  container = await new LocalstackContainer('localstack/localstack:4.14.0')
    .withBindMounts([{ source: '/var/run/docker.sock', target: '/var/run/docker.sock' }])
    .start();
  const endpoint = container.getConnectionUri();
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const lambda = new LambdaClient(config);
  kinesis = new KinesisClient(config);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60 }, { StreamName: name });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'handler.handler',
      Role: 'arn:aws:iam::000000000000:role/lambda-role',
      Timeout: 30,
      Environment: { Variables: { BUCKET: name } },
      Code: { ZipFile: zipSync({ 'handler.mjs': readFileSync('handler.mjs') }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: name });
  const { UUID } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      StartingPosition: 'LATEST',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 1,
    }),
  );
  const state = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  while ((await state()) !== 'Enabled') await sleep(100);
  await sleep(WAIT_MS);
  console.log('READY');
}, 300_000);

afterAll(() => container?.stop({ timeout: 10_000 }), 60_000);

const list = async () => (await s3.send(new ListObjectsV2Command({ Bucket: name }))).Contents ?? [];

afterEach(async () => {
  for (const { Key } of await list()) await s3.send(new DeleteObjectCommand({ Bucket: name, Key }));
});

const put = async (...events) => {
  const Records = events.map((event) => ({ PartitionKey: 'one', Data: Buffer.from(JSON.stringify(event)) }));
  await kinesis.send(new PutRecordsCommand({ StreamName: name, Records }));
  await sleep(WAIT_MS);
};
const keys = async () => (await list()).map(({ Key }) => Key).sort();
const stored = async () => {
  const objects = {};
  for (const Key of await keys()) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key }));
    objects[Key] = JSON.parse(await Body.transformToString());
  }
  return objects;
};
const orders = (count) => Array.from({ length: count }, (_, n) => ({ id: n, type: 'order' }));

test('stores an event', async () => {
  await put({ id: 'a', type: 'order' });
  expect(await keys()).toEqual(['order/a.json']);
});

test('keeps its content', async () => {
  const event = { id: 'a', type: 'order', text: 'größer "5"', n: 1.5 };
  await put(event);
  expect(await stored()).toEqual({ 'order/a.json': event });
});

test('stores 20 events', async () => {
  await put(...orders(20));
  expect(await keys()).toHaveLength(20);
});

test('stores 100 events', async () => {
  await put(...orders(100));
  expect(await keys()).toHaveLength(100);
});

test('separates types', async () => {
  await put({ id: 'a', type: 'order' }, { id: 'a', type: 'return' });
  expect(await keys()).toEqual(['order/a.json', 'return/a.json']);
});

test('stores an event once that was put twice', async () => {
  await put({ id: 'a', type: 'order' }, { id: 'a', type: 'order' });
  expect(await keys()).toEqual(['order/a.json']);
});

test('keeps the last event of an id', async () => {
  await put({ id: 'a', type: 'order', n: 1 });
  await put({ id: 'a', type: 'order', n: 2 });
  expect((await stored())['order/a.json'].n).toBe(2);
});

test('skips tests', async () => {
  await put({ id: 'a', type: 'test' }, { id: 'b', type: 'order' });
  expect(await keys()).toEqual(['order/b.json']);
});

test('stores nothing for a test alone', async () => {
  await put({ id: 'a', type: 'test' });
  expect(await keys()).toEqual([]);
});

test('gives up an event without an id', async () => {
  await put({ type: 'order' }, { id: 'b', type: 'order' });
  expect(await keys()).toEqual(['order/b.json']);
});
