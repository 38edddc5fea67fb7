import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import type { Ids } from './ids.ts';
import { getAtt, ref, sub, type Value } from './intrinsics.ts';
import type { Texts } from './texts.ts';

/** What every resource of a template is made from. */
export interface Context {
  pipeline: Pipeline;
  ids: Ids;
  texts: Texts;
}

/**
 * A bucket's name. Of one that the template makes it comes from the resource, so that CloudFormation makes that first; of an
 * existing one from a parameter, as another template may have put a suffix to it.
 */
export function bucketName(name: string, { ids }: Context): Value {
  return ref(ids.bucket(name));
}

export function bucketArn(name: string, { pipeline, ids }: Context): Value {
  const id = ids.bucket(name);
  return pipeline.buckets[name]?.existing ? sub(`arn:\${AWS::Partition}:s3:::\${${id}}`) : getAtt(id, 'Arn');
}

/** What is in a bucket. */
export function objectsArn(name: string, { pipeline, ids }: Context): Value {
  const id = ids.bucket(name);
  return sub(pipeline.buckets[name]?.existing ? `arn:\${AWS::Partition}:s3:::\${${id}}/*` : `\${${id}.Arn}/*`);
}

export function streamArn(name: string, { pipeline, ids }: Context): Value {
  if (!pipeline.streams[name]?.existing) return getAtt(ids.stream(name), 'Arn');
  return sub(`arn:\${AWS::Partition}:kinesis:\${AWS::Region}:\${AWS::AccountId}:stream/${name}`);
}
