import type { DeclaredBucket, DeclaredStream } from '../../runtime/definition/pipeline.ts';
import { BUCKET_SUFFIX } from './ids.ts';
import { type Resource, sub, tagList, type Value } from './intrinsics.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export function bucketResource(name: string, bucket: DeclaredBucket, value: (text: string) => Value): Resource {
  const { objectOwnership, objectLockEnabled, tags } = bucket;
  return {
    Type: 'AWS::S3::Bucket',
    // Buckets with events outlive the stack.
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: sub(`${name}\${${BUCKET_SUFFIX}}`),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      ...(objectOwnership && { OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] } }),
      ...(objectLockEnabled && { ObjectLockEnabled: true }),
      ...tagList(tags, value),
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
export function streamResource(name: string, stream: DeclaredStream, value: (text: string) => Value): Resource {
  const { streamMode, shardCount, retentionPeriodHours, tags } = stream;
  return {
    Type: 'AWS::Kinesis::Stream',
    Properties: {
      Name: name,
      StreamModeDetails: { StreamMode: streamMode },
      ShardCount: shardCount,
      RetentionPeriodHours: retentionPeriodHours,
      // The key that AWS manages: readers of the stream may use it, and it needs no key policy.
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      ...tagList(tags, value),
    },
  };
}
