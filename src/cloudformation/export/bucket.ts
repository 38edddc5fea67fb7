import type { DeclaredBucket } from '../../runtime/definition/pipeline.ts';
import { BUCKET_SUFFIX } from './ids.ts';
import { type Resource, sub, tagList, type Value } from './intrinsics.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export function bucketResource(name: string, bucket: DeclaredBucket, value: (text: string) => Value): Resource {
  const { objectOwnership, objectLockEnabled, tags } = bucket;
  return {
    Type: 'AWS::S3::Bucket',
    // What events were written to outlives the stack.
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
