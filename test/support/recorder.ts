import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import type { FunctionCode } from '../../src/runtime/contents/contents.ts';
import { codeOf } from '../../src/runtime/contents/function-code.ts';
import type { Aws } from '../../src/runtime/engine/connect.ts';

/**
 * A function that stores each record it receives, once per delivery, as an object
 * `<record's data>/<sequence number>/<request id>`. It sends unsigned requests, so it needs no SDK and starts fast.
 */
const SOURCE = `
const put = async (key) => {
  const response = await fetch(process.env.AWS_ENDPOINT_URL + '/' + process.env.BUCKET + '/' + key, { method: 'PUT', body: '' });
  if (!response.ok) throw new Error('PUT ' + key + ': HTTP ' + response.status);
};
export const handler = async ({ Records }, { awsRequestId }) => {
  await Promise.all(Records.map(({ kinesis }) =>
    put([Buffer.from(kinesis.data, 'base64'), kinesis.sequenceNumber, awsRequestId].join('/'))));
};
`;

export const recorder: FunctionCode = codeOf(zipSync({ 'index.mjs': strToU8(SOURCE) }));

/** Creates the function by hand, as a person or another tool would. */
export function createRecorder(
  { call }: Pick<Aws, 'call'>,
  FunctionName: string,
  Role = 'arn:aws:iam::000000000000:role/lambda-role',
) {
  const Code = { ZipFile: recorder.zip };
  return call('CreateFunction', { FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code });
}

/** How often each record's data was delivered, counted from the recorder's objects in a bucket. */
export async function handled(endpoint: string, Bucket: string): Promise<Map<string, number>> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const counts = new Map<string, number>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const [data = ''] = Key.split('/');
      counts.set(data, (counts.get(data) ?? 0) + 1);
    }
  }
  client.destroy();
  return counts;
}
