/** The definition that `init` writes: a function writes the records of a stream to a bucket, all with the same name. */
export function exampleDefinition(name: string, extension: string): string {
  return `import { definePipeline } from 'localstack-ready-hooks';

export default definePipeline({
  buckets: { '${name}': {} },
  streams: { '${name}': { shardCount: 1 } },
  functions: {
    '${name}-writer': {
      entry: './functions/${name}-writer.${extension}',
      // Passes the bucket's name as an environment variable; the bucket is created first.
      buckets: { BUCKET: '${name}' },
      timeoutSeconds: 30,
    },
  },
  eventSourceMappings: [
    {
      stream: '${name}',
      function: '${name}-writer',
      startingPosition: 'LATEST',
      // A failed batch is retried 3 times, then reported in the bucket; otherwise one bad batch blocks its shard forever.
      maximumRetryAttempts: 3,
      onFailure: { bucket: '${name}' },
    },
  ],
});
`;
}

/** A handler that writes each record to the bucket, under a key that a retry overwrites. */
export function exampleFunction(typescript: boolean): string {
  const types = `/** The event of a Kinesis batch. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
interface KinesisEvent {
  Records: { kinesis: { data: string; sequenceNumber: string } }[];
}

`;
  return `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

// The endpoint, the region and the credentials come from the environment, in LocalStack as in AWS.
const s3 = new S3Client({ forcePathStyle: true });

${typescript ? types : ''}export async function handler(event${typescript ? ': KinesisEvent' : ''}) {
  for (const { kinesis } of event.Records) {
    const Body = Buffer.from(kinesis.data, 'base64');
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: \`events/\${kinesis.sequenceNumber}.json\`, Body }));
  }
}
`;
}
