import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  PutRecordsCommand,
  RemoveTagsFromStreamCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Command } from '@smithy/types';

/**
 * Every AWS operation the runtime can make, by the name the AWS API gives it. A decision names one of these with its input,
 * so that it stays plain data; and what the hook bundle carries of the SDK is exactly this list.
 */
export const operations = {
  kinesis: {
    AddTagsToStream: AddTagsToStreamCommand,
    CreateStream: CreateStreamCommand,
    DecreaseStreamRetentionPeriod: DecreaseStreamRetentionPeriodCommand,
    DeleteStream: DeleteStreamCommand,
    DescribeStreamSummary: DescribeStreamSummaryCommand,
    GetRecords: GetRecordsCommand,
    GetShardIterator: GetShardIteratorCommand,
    IncreaseStreamRetentionPeriod: IncreaseStreamRetentionPeriodCommand,
    ListShards: ListShardsCommand,
    ListStreams: ListStreamsCommand,
    ListTagsForStream: ListTagsForStreamCommand,
    PutRecords: PutRecordsCommand,
    RemoveTagsFromStream: RemoveTagsFromStreamCommand,
    UpdateShardCount: UpdateShardCountCommand,
    UpdateStreamMode: UpdateStreamModeCommand,
  },
  lambda: {
    CreateEventSourceMapping: CreateEventSourceMappingCommand,
    CreateFunction: CreateFunctionCommand,
    DeleteEventSourceMapping: DeleteEventSourceMappingCommand,
    DeleteFunction: DeleteFunctionCommand,
    GetEventSourceMapping: GetEventSourceMappingCommand,
    GetFunction: GetFunctionCommand,
    ListEventSourceMappings: ListEventSourceMappingsCommand,
    ListTags: ListTagsCommand,
    TagResource: TagResourceCommand,
    UntagResource: UntagResourceCommand,
    UpdateEventSourceMapping: UpdateEventSourceMappingCommand,
    UpdateFunctionCode: UpdateFunctionCodeCommand,
    UpdateFunctionConfiguration: UpdateFunctionConfigurationCommand,
  },
  s3: {
    CreateBucket: CreateBucketCommand,
    DeleteBucket: DeleteBucketCommand,
    DeleteBucketTagging: DeleteBucketTaggingCommand,
    DeleteObjects: DeleteObjectsCommand,
    GetBucketAcl: GetBucketAclCommand,
    GetBucketOwnershipControls: GetBucketOwnershipControlsCommand,
    GetBucketTagging: GetBucketTaggingCommand,
    GetObjectLockConfiguration: GetObjectLockConfigurationCommand,
    ListObjectVersions: ListObjectVersionsCommand,
    PutBucketAcl: PutBucketAclCommand,
    PutBucketOwnershipControls: PutBucketOwnershipControlsCommand,
    PutBucketTagging: PutBucketTaggingCommand,
    PutObject: PutObjectCommand,
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
