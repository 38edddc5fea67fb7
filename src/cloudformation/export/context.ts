import type { DeclaredMapping, Pipeline } from '../../runtime/definition/pipeline.ts';
import type { Ids } from './ids.ts';
import { getAtt, sub, type Value } from './intrinsics.ts';
import type { Texts } from './texts.ts';

/** The inputs for all resources of a template. */
export interface Context {
  pipeline: Pipeline;
  ids: Ids;
  texts: Texts;
}

/** The ARN of a bucket, or of the objects `within` it. An existing bucket's name is a parameter. */
export function bucketArn(name: string, { pipeline, ids }: Context, within = ''): Value {
  const id = ids.bucket(name);
  if (pipeline.buckets[name]?.existing) return sub(`arn:\${AWS::Partition}:s3:::\${${id}}${within}`);
  return within ? sub(`\${${id}.Arn}${within}`) : getAtt(id, 'Arn');
}

export function streamArn(name: string, { pipeline, ids }: Context): Value {
  if (!pipeline.streams[name]?.existing) return getAtt(ids.stream(name), 'Arn');
  return sub(`arn:\${AWS::Partition}:kinesis:\${AWS::Region}:\${AWS::AccountId}:stream/${name}`);
}

/** The buckets that receive discarded batches. */
export function failureBucketsOf(mappings: readonly DeclaredMapping[]): string[] {
  return mappings.flatMap(({ onFailure }) => (onFailure && 'bucket' in onFailure ? onFailure.bucket : []));
}
