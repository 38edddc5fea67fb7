import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { ExpectedError } from '../../src/runtime/errors.ts';
import { median } from './stats.ts';

/** A request without an SDK. */
export interface RawRequest {
  operation: string;
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** Sends requests over keep-alive connections and records how long each took. LocalStack reads only the service and region of a signature. */
export function rawClient(endpoint: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const latencies = new Map<string, number[]>();

  async function send(raw: RawRequest): Promise<{ status: number; body: string }> {
    const startedAt = performance.now();
    const answer = await exchange(endpoint, agent, raw);
    const taken = latencies.get(raw.operation) ?? [];
    latencies.set(raw.operation, [...taken, performance.now() - startedAt]);
    return answer;
  }

  return {
    send,
    /** The JSON of a response, which must be a success. */
    // biome-ignore lint/suspicious/noExplicitAny: each operation has its own response
    async call(raw: RawRequest): Promise<any> {
      const { status, body } = await send(raw);
      if (status >= 300) throw new ExpectedError(`${raw.operation} failed with HTTP ${status}: ${body.slice(0, 300)}`);
      return raw.operation === 'CreateBucket' || body === '' ? undefined : JSON.parse(body);
    },
    /** Median milliseconds per operation so far. */
    medians: () => new Map([...latencies].map(([operation, taken]) => [operation, median(taken)])),
    close: () => agent.destroy(),
  };
}

export type RawClient = ReturnType<typeof rawClient>;

function exchange(endpoint: string, agent: Agent, { method, path, headers, body = '' }: RawRequest) {
  return new Promise<{ status: number; body: string }>((done, failed) => {
    const outgoing = request(endpoint + path, {
      agent,
      method,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    outgoing.on('error', failed);
    outgoing.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('error', failed);
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    outgoing.end(body);
  });
}

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

const kinesis = (operation: string, input: object): RawRequest => ({
  operation,
  method: 'POST',
  path: '/',
  headers: {
    ...signed('kinesis'),
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Kinesis_20131202.${operation}`,
  },
  body: JSON.stringify(input),
});

const lambda = (operation: string, method: string, path: string, input?: object): RawRequest => ({
  operation,
  method,
  path: `/2015-03-31/${path}`,
  headers: { ...signed('lambda'), 'content-type': 'application/json' },
  ...(input && { body: JSON.stringify(input) }),
});

/** The requests that every pipeline needs. */
export const raw = {
  createBucket: (name: string): RawRequest => ({
    operation: 'CreateBucket',
    method: 'PUT',
    path: `/${name}`,
    headers: signed('s3'),
  }),
  headObject: (bucket: string, key: string): RawRequest => ({
    operation: 'HeadObject',
    method: 'HEAD',
    path: `/${bucket}/${key}`,
    headers: signed('s3'),
  }),
  createStream: (name: string, ShardCount: number) => kinesis('CreateStream', { StreamName: name, ShardCount }),
  describeStream: (name: string) => kinesis('DescribeStreamSummary', { StreamName: name }),
  putRecord: (name: string, data: string) =>
    kinesis('PutRecord', { StreamName: name, PartitionKey: data, Data: Buffer.from(data).toString('base64') }),
  createFunction: (name: string, zip: Buffer) =>
    lambda('CreateFunction', 'POST', 'functions', {
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      Role: 'arn:aws:iam::000000000000:role/lambda-role',
      Environment: { Variables: { BUCKET: name } },
      Code: { ZipFile: zip.toString('base64') },
    }),
  getFunction: (name: string) => lambda('GetFunction', 'GET', `functions/${name}`),
  createMapping: (name: string) =>
    lambda('CreateEventSourceMapping', 'POST', 'event-source-mappings/', {
      FunctionName: name,
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      BatchSize: 10_000,
      StartingPosition: 'TRIM_HORIZON',
    }),
  getMapping: (uuid: string) => lambda('GetEventSourceMapping', 'GET', `event-source-mappings/${uuid}`),
  listMappings: (name: string) =>
    lambda('ListEventSourceMappings', 'GET', `event-source-mappings/?FunctionName=${name}`),
};
