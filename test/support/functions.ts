import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  type Runtime,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import type { LocalEngine } from '../../src/local/index.ts';
import { clientOf } from './local-engine.ts';

export interface Declared {
  handler?: string;
  env?: Record<string, string>;
  timeout?: number;
  runtime?: string;
}

export const zipOf = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** Creates and invokes functions on an engine. */
export class Functions {
  readonly lambda: LambdaClient;
  /** How many were created; the newest is `f-<count>`. */
  count = 0;

  readonly #runtime: string;

  /** `runtime`: the default. */
  constructor(engine: LocalEngine, runtime = 'nodejs22.x') {
    this.lambda = new LambdaClient(clientOf(engine));
    this.#runtime = runtime;
  }

  /** Creates a function from these files; returns its name. */
  async create(files: Record<string, string>, declared: Declared = {}): Promise<string> {
    const { handler = 'index.handler', runtime = this.#runtime, timeout = 10, env = {} } = declared;
    const FunctionName = `f-${++this.count}`;
    await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::000000000000:role/any',
        Runtime: runtime as Runtime,
        Handler: handler,
        Timeout: timeout,
        MemorySize: 256,
        Environment: { Variables: env },
        Code: { ZipFile: zipOf(files) },
      }),
    );
    return FunctionName;
  }

  async active(name: string): Promise<string> {
    const limits = { client: this.lambda, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 };
    await waitUntilFunctionActiveV2(limits as never, { FunctionName: name });
    return name;
  }

  configuration(name: string) {
    return this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  }

  async invoke(name: string, event: unknown = {}) {
    const answer = await this.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
    );
    return {
      value: JSON.parse(new TextDecoder().decode(answer.Payload)),
      error: answer.FunctionError,
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    };
  }

  async run(files: Record<string, string>, declared?: Declared, event?: unknown) {
    return this.invoke(await this.active(await this.create(files, declared)), event);
  }
}

/** Runs a function on this version of Python; returns its minor version, and the names of the buckets after boto3 created one. */
export async function pythonWithBoto3(engine: LocalEngine, version: string): Promise<[number, string[]]> {
  const code = `import boto3, sys
s3 = boto3.client("s3")
def handler(event, context):
  s3.create_bucket(Bucket="python")
  return sys.version_info[1], [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]`;
  const functions = new Functions(engine, `python${version}`);
  const { value } = await functions.run({ 'index.py': code }, { timeout: 30 });
  functions.lambda.destroy();
  return value;
}
