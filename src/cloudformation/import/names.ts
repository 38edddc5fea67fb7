import { textOf } from '../../runtime/definition/messages.ts';
import type { RawResource } from './template.ts';

export interface Place {
  region: string;
  account: string;
}

/** By type: the property that names a resource, and its ARN without the name. */
const NAMED: Record<string, { property: string; arn?: (place: Place) => string }> = {
  'AWS::S3::Bucket': { property: 'BucketName', arn: () => 'arn:aws:s3:::' },
  'AWS::Kinesis::Stream': { property: 'Name', arn: (at) => `arn:aws:kinesis:${at.region}:${at.account}:stream/` },
  'AWS::Lambda::Function': {
    property: 'FunctionName',
    arn: (at) => `arn:aws:lambda:${at.region}:${at.account}:function:`,
  },
  'AWS::SQS::Queue': { property: 'QueueName', arn: (at) => `arn:aws:sqs:${at.region}:${at.account}:` },
  'AWS::SNS::Topic': { property: 'TopicName', arn: (at) => `arn:aws:sns:${at.region}:${at.account}:` },
  'AWS::DynamoDB::Table': { property: 'TableName' },
};

export const namePropertyOf = (type: string): string | undefined => NAMED[type]?.property;

/** Undefined for a type whose ARN is not known here. */
export function arnOf(type: string, name: string, place: Place): string | undefined {
  const prefix = NAMED[type]?.arn?.(place);
  return prefix && prefix + name;
}

/** A name for a resource that CloudFormation would name: from CDK's path or the logical id. */
export function nameFor({ id, type, metadata }: RawResource): string {
  // `Events` of `MyStack/Events/Resource`.
  const path = textOf(metadata['aws:cdk:path'] ?? '').replace(/\/Resource$/, '');
  const name = /(?:^|\/)([\w-]{1,64})$/.exec(path)?.[1] ?? id;
  if (type !== 'AWS::S3::Bucket') return name;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[^A-Za-z0-9.-]+/g, '-');
  return words.toLowerCase().padEnd(3, 'x').slice(0, 63);
}
