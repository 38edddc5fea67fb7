import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Puts records on a stream one by one over one connection, as fast as the engine answers. */
export function sender(endpoint: string, StreamName: string) {
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
  return {
    /** Opens the connection, so that the first put is not slower than the others. */
    connect: () => client.send(new ListStreamsCommand({})),
    put: (data: string) =>
      client.send(new PutRecordCommand({ StreamName, PartitionKey: data, Data: Buffer.from(data) })),
    close: () => client.destroy(),
  };
}
