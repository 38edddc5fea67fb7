import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import type { LocalEngine } from '../../src/local/index.ts';

export const clientOf = (engine: LocalEngine) => ({
  endpoint: engine.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

/** Makes LocalStack start its Kinesis engine. */
export async function startKinesis(engine: LocalEngine) {
  expect((await new KinesisClient(clientOf(engine)).send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
}

/** Makes LocalStack start a function, which runs a busy loop if the event requests it. */
export async function startFunction(engine: LocalEngine): Promise<LambdaClient> {
  const lambda = new LambdaClient(clientOf(engine));
  const code = `export const handler = async (e) => { if (e.throw) throw new Error('x'); while (e.busy); return e; };`;
  const ZipFile = zipSync({ 'index.mjs': strToU8(code) });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: 'arn:aws:iam::000000000000:role/any',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Timeout: 1,
      Code: { ZipFile },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 } as never, {
    FunctionName: 'f',
  });
  expect(await invoke(lambda, { a: 1 })).toEqual({ a: 1 });
  return lambda;
}

export async function invoke(lambda: LambdaClient, event: object) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: JSON.stringify(event) }));
  return JSON.parse(new TextDecoder().decode(answer.Payload));
}
