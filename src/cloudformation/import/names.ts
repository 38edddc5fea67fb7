import type { RawResource } from './template.ts';

/** The property with the name of a resource, by type. */
export const NAME_PROPERTY: Record<string, string> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::DynamoDB::Table': 'TableName',
};

/** The name of a resource that the template leaves to CloudFormation: as CDK's path or the logical id has it. */
export function nameFor({ id, type, metadata }: RawResource): string {
  const name = cdkName(metadata['aws:cdk:path']) ?? id;
  if (type !== 'AWS::S3::Bucket') return name;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[^A-Za-z0-9.-]+/g, '-');
  return words.toLowerCase().padEnd(3, 'x').slice(0, 63);
}

/** `Events` of `MyStack/Events/Resource`. */
function cdkName(path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined;
  const name = path
    .replace(/\/Resource$/, '')
    .split('/')
    .at(-1);
  return name && /^[\w-]{1,64}$/.test(name) ? name : undefined;
}

/** ARNs by type, for resources of which a name is known. */
export function arnFor(type: string, name: string, region: string, account: string): string | undefined {
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::Kinesis::Stream':
      return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${region}:${account}:function:${name}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${region}:${account}:${name}`;
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${region}:${account}:${name}`;
    default:
      return undefined;
  }
}
