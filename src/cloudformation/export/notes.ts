import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { BUCKET_SUFFIX } from './ids.ts';
import { ACCOUNT_SUFFIX, namesOf, roomForSuffix } from './parameters.ts';

/** What a definition says that has no counterpart in the template, and what to mind there; a sentence each. */
export function notesOf(pipeline: Pipeline): string[] {
  return [...leftOut(pipeline), ...needed(pipeline), ...differs(pipeline)];
}

function* leftOut({ account, wait, buckets, streams, functions, eventSourceMappings }: Pipeline): Iterable<string> {
  if (account !== '000000000000')
    yield `account ${account} is left out: the stack is made in the account whose credentials deploy it.`;
  const declared = [...Object.values(buckets), ...Object.values(streams), ...Object.values(functions)];
  if (wait || [...declared, ...eventSourceMappings].some((each) => each.wait))
    yield 'wait is left out: CloudFormation waits by limits of its own.';
  for (const [name, bucket] of Object.entries(buckets))
    if (!bucket.existing && bucket.acl && bucket.acl !== 'private')
      yield `acl ${bucket.acl} of bucket ${name} is left out, and the bucket is kept from the public: give access by an AWS::S3::BucketPolicy.`;
  const seeded = Object.entries({ bucket: buckets, stream: streams }).flatMap(([kind, named]) =>
    Object.entries(named).flatMap(([name, each]) => (!each.existing && each.seed ? `${kind} ${name}` : [])),
  );
  if (seeded.length > 0)
    yield `the seed of ${seeded.join(', ')} is left out: objects can be put with aws s3 sync, records with aws kinesis put-records.`;
  for (const { stream, function: fn, verifyDelivery } of eventSourceMappings)
    if (verifyDelivery)
      yield `verifyDelivery of ${stream} → ${fn} is left out: no probes are sent in AWS, and the zip answers none.`;
}

function* needed({ buckets, streams, functions, eventSourceMappings }: Pipeline): Iterable<string> {
  const kinds = Object.entries({ bucket: buckets, stream: streams, function: functions });
  const existing = kinds.flatMap(([kind, named]) => namesOf(named, true).map((name) => `${kind} ${name}`));
  if (existing.length > 0)
    yield `${existing.join(', ')} must be there before the stack is made: something else makes them.`;
  for (const [name, fn] of Object.entries(functions)) {
    const reads = eventSourceMappings.some((mapping) => mapping.function === name);
    if ((fn.existing && reads) || (!fn.existing && fn.role !== undefined))
      yield `the role of function ${name} is not the template's: it must allow what docs/cloudformation.md lists.`;
  }
}

function* differs(pipeline: Pipeline): Iterable<string> {
  const { buckets, eventSourceMappings } = pipeline;
  if (namesOf(buckets).length > 0 && roomForSuffix(pipeline) < ACCOUNT_SUFFIX)
    yield `a bucket's name has room for ${roomForSuffix(pipeline)} characters more, too few for the account: give a ${BUCKET_SUFFIX} that makes the names unique among all accounts.`;
  for (const { stream, function: fn, startingPosition } of eventSourceMappings)
    if (startingPosition === 'LATEST')
      yield `${stream} → ${fn} starts at LATEST: records put before the mapping reads are not delivered, which the hook makes up for in LocalStack and AWS does not; set TRIM_HORIZON to have all.`;
}
