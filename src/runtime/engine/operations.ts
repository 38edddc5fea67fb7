import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import type { Command } from '@smithy/types';

/**
 * Every AWS operation that the runtime uses, by its AWS API name. A decision names one of these with its input, so it stays
 * plain data; and the hook bundle includes exactly this part of the SDK.
 */
export const operations = {
  kinesis: {
    AddTagsToStream: kinesis.AddTagsToStreamCommand,
    CreateStream: kinesis.CreateStreamCommand,
    DecreaseStreamRetentionPeriod: kinesis.DecreaseStreamRetentionPeriodCommand,
    DeleteStream: kinesis.DeleteStreamCommand,
    DescribeStreamSummary: kinesis.DescribeStreamSummaryCommand,
    GetRecords: kinesis.GetRecordsCommand,
    GetShardIterator: kinesis.GetShardIteratorCommand,
    IncreaseStreamRetentionPeriod: kinesis.IncreaseStreamRetentionPeriodCommand,
    ListShards: kinesis.ListShardsCommand,
    ListStreams: kinesis.ListStreamsCommand,
    ListTagsForStream: kinesis.ListTagsForStreamCommand,
    PutRecords: kinesis.PutRecordsCommand,
    RemoveTagsFromStream: kinesis.RemoveTagsFromStreamCommand,
    UpdateShardCount: kinesis.UpdateShardCountCommand,
    UpdateStreamMode: kinesis.UpdateStreamModeCommand,
  },
  lambda: {
    CreateEventSourceMapping: lambda.CreateEventSourceMappingCommand,
    CreateFunction: lambda.CreateFunctionCommand,
    DeleteEventSourceMapping: lambda.DeleteEventSourceMappingCommand,
    DeleteFunction: lambda.DeleteFunctionCommand,
    GetEventSourceMapping: lambda.GetEventSourceMappingCommand,
    GetFunction: lambda.GetFunctionCommand,
    Invoke: lambda.InvokeCommand,
    ListEventSourceMappings: lambda.ListEventSourceMappingsCommand,
    ListFunctions: lambda.ListFunctionsCommand,
    ListTags: lambda.ListTagsCommand,
    TagResource: lambda.TagResourceCommand,
    UntagResource: lambda.UntagResourceCommand,
    UpdateEventSourceMapping: lambda.UpdateEventSourceMappingCommand,
    UpdateFunctionCode: lambda.UpdateFunctionCodeCommand,
    UpdateFunctionConfiguration: lambda.UpdateFunctionConfigurationCommand,
  },
  s3: {
    CreateBucket: s3.CreateBucketCommand,
    DeleteBucket: s3.DeleteBucketCommand,
    DeleteBucketTagging: s3.DeleteBucketTaggingCommand,
    DeleteObjects: s3.DeleteObjectsCommand,
    GetBucketAcl: s3.GetBucketAclCommand,
    GetBucketOwnershipControls: s3.GetBucketOwnershipControlsCommand,
    GetBucketTagging: s3.GetBucketTaggingCommand,
    GetObjectLockConfiguration: s3.GetObjectLockConfigurationCommand,
    ListBuckets: s3.ListBucketsCommand,
    ListObjectVersions: s3.ListObjectVersionsCommand,
    PutBucketAcl: s3.PutBucketAclCommand,
    PutBucketOwnershipControls: s3.PutBucketOwnershipControlsCommand,
    PutBucketTagging: s3.PutBucketTaggingCommand,
    PutObject: s3.PutObjectCommand,
  },
} as const;

type Operations = typeof operations;
export type Service = keyof Operations;
type Commands = Operations['kinesis'] & Operations['lambda'] & Operations['s3'];
export type Operation = keyof Commands;
export type Input<O extends Operation> = ConstructorParameters<Commands[O]>[0];
export type Output<O extends Operation> =
  // biome-ignore lint/suspicious/noExplicitAny: only the output type is wanted
  InstanceType<Commands[O]> extends Command<any, any, any, infer Out, any> ? Out : never;

/** An AWS request as data: the operation's name and its input. */
export type Request = { [O in Operation]: { operation: O; input: Input<O> } }[Operation];

/** The service an operation belongs to. */
export function serviceOf(operation: Operation): Service {
  if (operation in operations.kinesis) return 'kinesis';
  return operation in operations.lambda ? 'lambda' : 's3';
}
