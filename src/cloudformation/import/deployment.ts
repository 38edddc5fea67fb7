import { fieldsOf } from './document.ts';
import { namedIn } from './intrinsics.ts';
import type { RawTemplate } from './template.ts';

/** What serves the deployment and not the pipeline: buckets for zips, and functions behind custom resources; why, by logical id. */
export function forDeployment({ resources }: RawTemplate): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { type, properties } of resources.values()) {
    const code = fieldsOf(properties['Code'])['S3Bucket'];
    if (type === 'AWS::Lambda::Function') for (const id of namedIn(code)) reasons.set(id, 'it holds zips of functions');
    for (const id of namedIn(properties['ServiceToken'])) reasons.set(id, 'it serves custom resources');
  }
  return reasons;
}
