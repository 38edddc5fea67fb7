import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { afterAll } from 'vitest';
import { endpoint } from '../engine.ts';
import { untilEnginesAreUp } from '../engines-file.ts';

await untilEnginesAreUp();

// An engine reads the shards of each mapping, and keeps a process for each function. Without this, the tests of a
// worker's last files would share the engine with the mappings of all files before.
afterAll(async () => {
  const client = new LambdaClient({
    endpoint: endpoint(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, {}))
    await Promise.allSettled(
      EventSourceMappings.map(({ UUID }) => client.send(new DeleteEventSourceMappingCommand({ UUID }))),
    );
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    await Promise.allSettled(
      Functions.map(({ FunctionName }) => client.send(new DeleteFunctionCommand({ FunctionName }))),
    );
  client.destroy();
});
