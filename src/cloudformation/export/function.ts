import type { DeclaredFunction, DeclaredMapping } from '../../runtime/definition/pipeline.ts';
import { literal } from '../literal.ts';
import { bucketArn, type Context, failureBucketsOf, streamArn } from './context.ts';
import { ALARM_TOPIC } from './ids.ts';
import { getAtt, join, type Resource, type Resources, ref, tagList, type Value } from './intrinsics.ts';

export const HAS_ALARM_TOPIC = 'HasAlarmTopic';

/** A pipeline does not keep up if records wait this long, for this many minutes in a row. */
const MOST_AGE_MS = 60_000;
const MINUTES = 5;

const LOG_RETENTION_DAYS = 30;

/** A function with its role, log group and alarms. `code` is its zip's path, relative to the template. */
export function functionResources(name: string, declared: DeclaredFunction, code: string, context: Context): Resources {
  const { ids, texts } = context;
  const id = ids.function(name);
  const [roleId, logsId] = [`${id}Role`, `${id}Logs`];
  const Role = declared.role === undefined ? getAtt(roleId, 'Arn') : texts.value(declared.role);
  return {
    [logsId]: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: LOG_RETENTION_DAYS },
    },
    ...(declared.role === undefined && { [roleId]: roleResource(name, declared, logsId, context) }),
    [id]: {
      Type: 'AWS::Lambda::Function',
      // Otherwise Lambda creates the log group at the first invocation, and its logs never expire.
      DependsOn: [logsId],
      Properties: { FunctionName: name, Code: code, ...propertiesOf(declared, Role, context) },
    },
    ...alarmResources(name, context),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
function propertiesOf(declared: DeclaredFunction, Role: Value, { ids, texts }: Context): Resource['Properties'] {
  const { value, secret } = texts;
  const { architecture, layers } = declared;
  const Description = literal(declared.description);
  const Variables = Object.fromEntries([
    ...Object.entries(declared.environment).map(([variable, text]) => [variable, secret(text)] as const),
    ...Object.entries(declared.buckets).map(([variable, bucket]) => [variable, ref(ids.bucket(bucket))] as const),
  ]);
  return {
    Runtime: declared.runtime,
    Handler: literal(declared.handler),
    MemorySize: declared.memorySize,
    Timeout: declared.timeoutSeconds,
    Role,
    ...(Object.keys(Variables).length > 0 && { Environment: { Variables } }),
    ...(architecture && { Architectures: [architecture] }),
    ...(layers.length > 0 && { Layers: layers.map(value) }),
    ...(Description && { Description }),
    ...tagList(declared.tags, value),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html; SubscribeToShard is only for enhanced fan-out. */
const READ_STREAM = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/** A role that lets a function read its streams, write to its buckets, report discarded batches and log. Nothing else. */
export function roleResource(name: string, { buckets }: DeclaredFunction, logsId: string, context: Context): Resource {
  const mappings = context.pipeline.eventSourceMappings.filter((mapping) => mapping.function === name);
  const streams = mappings.map(({ stream }) => stream);
  const failureBuckets = failureBucketsOf(mappings);
  const written = [...Object.values(buckets), ...failureBuckets];
  const arns = (names: string[], arnOf: typeof bucketArn, within?: string) =>
    [...new Set(names)].map((one) => arnOf(one, context, within));
  const statements = [
    allow(READ_STREAM, arns(streams, streamArn)),
    allow(['s3:PutObject'], arns(written, bucketArn, '/*')),
    // Lambda requires it for a bucket that receives discarded batches.
    allow(['s3:ListBucket'], arns(failureBuckets, bucketArn)),
    ...mappings.flatMap(({ onFailure }) => (onFailure && 'arn' in onFailure ? reportTo(onFailure, context) : [])),
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
function reportTo({ arn }: Extract<NonNullable<DeclaredMapping['onFailure']>, { arn: string }>, { texts }: Context) {
  const target = texts.value(arn);
  const [, service] = /^arn:[^:]*:(sqs|sns|s3):/.exec(arn.replace(/^\$\{\w+:-/, '')) ?? [];
  const statements: Record<string, Value[]> = {
    sqs: allow(['sqs:SendMessage'], [target]),
    sns: allow(['sns:Publish'], [target]),
    s3: allow(['s3:ListBucket', 's3:PutObject'], [target, join([target, '/*'])]),
  };
  return service ? (statements[service] ?? []) : Object.values(statements).flat();
}

function allow(Action: string[], Resource: Value[]): Value[] {
  return Resource.length > 0 ? [{ Effect: 'Allow', Action, Resource }] : [];
}

function policy(Statement: Value[]): Value {
  return { Version: '2012-10-17', Statement };
}

/** A function's alarms. Only a function that reads a stream has one on the age of records. */
export function alarmResources(name: string, { pipeline, ids }: Context): Resources {
  const id = ids.function(name);
  const reads = pipeline.eventSourceMappings.some((mapping) => mapping.function === name);
  return {
    ...(reads && {
      [`${id}IteratorAgeAlarm`]: alarm(id, {
        AlarmDescription: `Records wait more than ${MOST_AGE_MS / 1000} s before ${name} processes them`,
        MetricName: 'IteratorAge',
        Statistic: 'Maximum',
        EvaluationPeriods: MINUTES,
        Threshold: MOST_AGE_MS,
      }),
    }),
    [`${id}ErrorsAlarm`]: alarm(id, {
      AlarmDescription: `Invocations of ${name} fail`,
      MetricName: 'Errors',
      Statistic: 'Sum',
      EvaluationPeriods: 1,
      Threshold: 0,
    }),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function alarm(functionId: string, properties: Resource['Properties']): Resource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...properties,
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: ref(functionId) }],
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ 'Fn::If': [HAS_ALARM_TOPIC, ref(ALARM_TOPIC), ref('AWS::NoValue')] }],
    },
  };
}
