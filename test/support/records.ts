import { KinesisClient, ListStreamsCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Sends records to a stream one by one over one connection, as fast as the engine answers. */
export function sender(endpoint: string, StreamName: string) {
  const client = kinesis(endpoint);
  return {
    /** Opens the connection, so that the first record is not slower than the others. */
    connect: () => client.send(new ListStreamsCommand({})),
    put: (data: string) =>
      client.send(new PutRecordCommand({ StreamName, PartitionKey: data, Data: Buffer.from(data) })),
    close: () => client.destroy(),
  };
}

/** Makes the engine load Kinesis with a single call: LocalStack answers concurrent first calls with a 500. */
export async function warmKinesis(endpoint: string): Promise<void> {
  const { connect, close } = sender(endpoint, '');
  await connect();
  close();
}

/** Sends records in one request with one partition key, so that the function receives them as one batch. */
export async function putTogether(endpoint: string, StreamName: string, data: readonly string[]): Promise<void> {
  const client = kinesis(endpoint);
  const Records = data.map((text) => ({ PartitionKey: 'together', Data: Buffer.from(text) }));
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
  client.destroy();
  if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${data.length} records were not accepted`);
}

function kinesis(endpoint: string): KinesisClient {
  return new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
}
