import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

/** Every object in a bucket: its text by its key. */
export async function objectsIn(endpoint: string, Bucket: string, accessKeyId = 'test'): Promise<Map<string, string>> {
  const client = s3(endpoint, accessKeyId);
  const objects = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      objects.set(Key, (await Body?.transformToString()) ?? '');
    }
  }
  client.destroy();
  return objects;
}

/** The report that LocalStack writes about a discarded batch. https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export interface GivenUp {
  /** LocalStack 4.14 leaves it out if the records are too old. */
  requestContext?: { condition: string; approximateInvokeCount: number } | undefined;
  /** The data of the batch's records. */
  data: string[];
}

/** The reports in a failure bucket. */
export async function givenUpIn(endpoint: string, bucket: string): Promise<GivenUp[]> {
  const objects = [...(await objectsIn(endpoint, bucket))].filter(([key]) => key.startsWith('aws/lambda/'));
  return objects.map(([, text]) => {
    const { requestContext, payload } = JSON.parse(text) as {
      requestContext?: GivenUp['requestContext'];
      payload: { Records: { kinesis: { data: string } }[] };
    };
    return {
      requestContext,
      data: payload.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
    };
  });
}

/** The names of all buckets with a prefix. */
export async function bucketsNamed(endpoint: string, prefix: string): Promise<string[]> {
  const client = s3(endpoint);
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  client.destroy();
  return Buckets.map(({ Name = '' }) => Name).filter((name) => name.startsWith(prefix));
}

function s3(endpoint: string, accessKeyId = 'test'): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
    forcePathStyle: true,
  });
}
