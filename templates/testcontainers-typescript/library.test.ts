import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { LocalstackContainer, type StartedLocalStackContainer } from '@testcontainers/localstack';
import { applyPipeline } from 'localstack-ready-hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';

let localstack: StartedLocalStackContainer;
let kinesis: KinesisClient;
let s3: S3Client;

beforeAll(async () => {
  // Mounts only the Docker socket, because LocalStack runs functions in containers.
  localstack = await new LocalstackContainer('localstack/localstack:4.14.0')
    .withBindMounts([{ source: '/var/run/docker.sock', target: '/var/run/docker.sock' }])
    .start();
  const endpoint = localstack.getConnectionUri();
  // Bundles the functions, creates everything in order, and throws an error if something does not become ready.
  await applyPipeline('init/10-events.ts', { endpoint });
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  kinesis = new KinesisClient(config);
  s3 = new S3Client({ ...config, forcePathStyle: true });
}, 300_000);

afterAll(async () => {
  kinesis?.destroy();
  s3?.destroy();
  // The time to stop its functions' containers: by default, Testcontainers kills LocalStack, and they stay until Ryuk removes them.
  await localstack?.stop({ timeout: 10_000 });
}, 30_000);

test('an event arrives in the bucket', async () => {
  const event = '{"id":"a"}';
  await kinesis.send(new PutRecordCommand({ StreamName: 'events', PartitionKey: 'a', Data: Buffer.from(event) }));
  const arrived = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'events' }));
    const objects = Contents.map(({ Key }) => s3.send(new GetObjectCommand({ Bucket: 'events', Key })));
    return Promise.all(objects.map(async (object) => (await object).Body?.transformToString()));
  };
  await expect.poll(arrived, { timeout: 30_000 }).toEqual([event]);
}, 60_000);
