import type { DeclaredFunction, DeclaredMapping } from '../../runtime/definition/pipeline.ts';
import { bucketArn, type Context, objectsArn, streamArn } from './context.ts';
import { getAtt, join, type Resource, type Value } from './intrinsics.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html; SubscribeToShard is for consumers with fan-out. */
const READ_STREAM = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/** What a function may do: read its streams, write to its buckets, tell of discarded batches, and log. Nothing else. */
export function roleResource(name: string, { buckets }: DeclaredFunction, logsId: string, context: Context): Resource {
  const mappings = context.pipeline.eventSourceMappings.filter((mapping) => mapping.function === name);
  const streams = [...new Set(mappings.map(({ stream }) => stream))];
  const failureBuckets = mappings.flatMap(({ onFailure }) =>
    onFailure && 'bucket' in onFailure ? onFailure.bucket : [],
  );
  const written = [...new Set([...Object.values(buckets), ...failureBuckets])];
  const statements = [
    allow(
      READ_STREAM,
      streams.map((stream) => streamArn(stream, context)),
    ),
    allow(
      ['s3:PutObject'],
      written.map((bucket) => objectsArn(bucket, context)),
    ),
    // Lambda asks for it of a bucket that is told of discarded batches.
    allow(
      ['s3:ListBucket'],
      [...new Set(failureBuckets)].map((bucket) => bucketArn(bucket, context)),
    ),
    ...mappings.flatMap(({ onFailure }) => (onFailure && 'arn' in onFailure ? tellOf(onFailure, context) : [])),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [getAtt(logsId, 'Arn')]),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
      Policies: [{ PolicyName: 'pipeline', PolicyDocument: policy(statements.flat()) }],
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
function tellOf({ arn }: Extract<NonNullable<DeclaredMapping['onFailure']>, { arn: string }>, { texts }: Context) {
  const target = texts.value(arn);
  const [, service] = /^arn:[^:]*:(sqs|sns|s3):/.exec(arn.replace(/^\$\{\w+:-/, '')) ?? [];
  return [
    ...(service === 's3' ? [] : allow(service === 'sns' ? [] : ['sqs:SendMessage'], [target])),
    ...(service === 's3' || service === 'sqs' ? [] : allow(['sns:Publish'], [target])),
    ...(service === 's3' || !service ? allow(['s3:ListBucket', 's3:PutObject'], [target, join([target, '/*'])]) : []),
  ];
}

function allow(Action: string[], Resource: Value[]): Value[] {
  return Action.length > 0 && Resource.length > 0 ? [{ Effect: 'Allow', Action, Resource }] : [];
}

function policy(Statement: Value[]): Value {
  return { Version: '2012-10-17', Statement };
}
