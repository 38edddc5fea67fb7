import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { keysBesidesData } from '../../runtime/engine/filters.ts';
import { BUCKET_SUFFIX } from './ids.ts';
import { ACCOUNT_SUFFIX, namesOf, roomForSuffix } from './parameters.ts';

/** Settings that the template cannot express, and what to know before you deploy it, one sentence each. */
export function notesOf(pipeline: Pipeline): string[] {
  return [...leftOut(pipeline), ...needed(pipeline), ...differs(pipeline)];
}

function* leftOut({ account, wait, buckets, streams, functions, eventSourceMappings }: Pipeline): Iterable<string> {
  if (account !== '000000000000')
    yield `account ${account} is left out: the stack is created in the account whose credentials you deploy with.`;
  const declared = [...Object.values(buckets), ...Object.values(streams), ...Object.values(functions)];
  if (wait || [...declared, ...eventSourceMappings].some((each) => each.wait))
    yield 'wait is left out: CloudFormation has its own time limits.';
  for (const [name, bucket] of Object.entries(buckets))
    if (!bucket.existing && bucket.acl && bucket.acl !== 'private')
      yield `acl ${bucket.acl} of bucket ${name} is left out: the bucket blocks public access; grant access with an AWS::S3::BucketPolicy.`;
  const seeded = Object.entries({ bucket: buckets, stream: streams }).flatMap(([kind, named]) =>
    Object.entries(named).flatMap(([name, each]) => (!each.existing && each.seed ? `${kind} ${name}` : [])),
  );
  if (seeded.length > 0)
    yield `the seed of ${seeded.join(', ')} is left out: upload objects with aws s3 sync, and send records with aws kinesis put-records.`;
  for (const { stream, function: fn, verifyDelivery } of eventSourceMappings)
    if (verifyDelivery)
      yield `verifyDelivery of ${stream} → ${fn} is left out: AWS gets no probes, so the zip has no code to answer them.`;
}

function* needed({ buckets, streams, functions, eventSourceMappings }: Pipeline): Iterable<string> {
  const kinds = Object.entries({ bucket: buckets, stream: streams, function: functions });
  const existing = kinds.flatMap(([kind, named]) => namesOf(named, true).map((name) => `${kind} ${name}`));
  if (existing.length > 0)
    yield `${existing.join(', ')} must exist before you create the stack: the template does not create existing resources.`;
  for (const [name, fn] of Object.entries(functions)) {
    const reads = eventSourceMappings.some((mapping) => mapping.function === name);
    if ((fn.existing && reads) || (!fn.existing && fn.role !== undefined))
      yield `the role of function ${name} is not in the template: it needs the permissions that docs/cloudformation.md lists.`;
  }
}

function* differs(pipeline: Pipeline): Iterable<string> {
  const { buckets, eventSourceMappings } = pipeline;
  if (namesOf(buckets).length > 0 && roomForSuffix(pipeline) < ACCOUNT_SUFFIX)
    yield `a bucket name has room for only ${roomForSuffix(pipeline)} more characters, too few for the account ID: choose a ${BUCKET_SUFFIX} that makes the names unique across all AWS accounts.`;
  for (const { stream, function: fn, filters } of eventSourceMappings) {
    const keys = keysBesidesData(filters);
    if (keys.length > 0)
      yield `${stream} → ${fn} filters on ${keys.join(', ')}, but AWS supports filters on data only: it may deliver nothing there.`;
  }
  for (const { stream, function: fn, startingPosition } of eventSourceMappings)
    if (startingPosition === 'LATEST')
      yield `${stream} → ${fn} starts at LATEST: unlike the hook in LocalStack, AWS does not deliver records sent before the mapping starts reading; set TRIM_HORIZON to receive them all.`;
}
