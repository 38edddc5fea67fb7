import type { DeclaredStream } from '../../runtime/definition/pipeline.ts';
import { type Resource, tagList, type Value } from './intrinsics.ts';

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
      // The key that AWS manages: whoever may read the stream may use it, and it asks for no key policy.
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      ...tagList(tags, value),
    },
  };
}
