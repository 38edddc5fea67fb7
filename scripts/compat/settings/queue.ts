import { PLACE } from './place.ts';

export interface Queue {
  arn: string;
  /** How many messages it holds. */
  count(): Promise<number>;
}

/** Creates an SQS queue, without an SDK client: the engines check no signature. */
export async function queueOn(endpoint: string, name: string): Promise<Queue> {
  const created = await request(endpoint, { Action: 'CreateQueue', QueueName: name });
  const [, QueueUrl] = /<QueueUrl>(.*)<\/QueueUrl>/.exec(created) ?? [];
  if (!QueueUrl) throw new Error(`CreateQueue ${name}: ${created.slice(0, 200)}`);
  const asked = { Action: 'GetQueueAttributes', QueueUrl, 'AttributeName.1': 'ApproximateNumberOfMessages' };
  return {
    arn: `arn:aws:sqs:${PLACE.region}:${PLACE.account}:${name}`,
    count: async () => Number(/<Value>(\d+)<\/Value>/.exec(await request(endpoint, asked))?.[1]),
  };
}

async function request(endpoint: string, parameters: Record<string, string>): Promise<string> {
  const credential = `test/20260101/${PLACE.region}/sqs/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
  const body = new URLSearchParams({ Version: '2012-11-05', ...parameters });
  return (await fetch(endpoint, { method: 'POST', headers: { authorization }, body })).text();
}
