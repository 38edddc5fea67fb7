import type { Runnable } from '../../../src/runtime/apply/apply.ts';
import { connect } from '../../../src/runtime/engine/connect.ts';

/** The engine's description of all declared resources, without fields that differ from run to run. */
export async function described(endpoint: string, { name, pipeline }: Runnable): Promise<unknown> {
  const { region, account } = pipeline;
  const aws = await connect({ endpoint, region, account });
  const declared = pipeline.eventSourceMappings.map((mapping) => `${mapping.stream} ${mapping.function}`);
  const buckets = Object.keys(pipeline.buckets).map(async (Bucket) => [
    Bucket,
    await aws.call('GetBucketTagging', { Bucket }).then(
      ({ TagSet }) => TagSet,
      ({ name }) => (name === 'NoSuchTagSet' ? [] : name),
    ),
  ]);
  const streams = Object.keys(pipeline.streams).map(async (StreamName) => {
    const { StreamDescriptionSummary: summary } = await aws.call('DescribeStreamSummary', { StreamName });
    const { Tags } = await aws.call('ListTagsForStream', { StreamName });
    return { ...summary, Tags };
  });
  const functions = Object.keys(pipeline.functions).map(async (FunctionName) => {
    const { Configuration, Tags } = await aws.call('GetFunction', { FunctionName });
    const { EventSourceMappings = [] } = await aws.call('ListEventSourceMappings', { FunctionName });
    // Mappings that only an earlier version declared stay.
    const mappings = EventSourceMappings.filter(({ EventSourceArn = '' }) =>
      declared.includes(`${EventSourceArn.split('/').pop()} ${FunctionName}`),
    );
    return { ...Configuration, Tags, mappings };
  });
  const all = await Promise.all([...buckets, ...streams, ...functions]);
  aws.close();
  return pruned(JSON.parse(JSON.stringify(all, comparable).replaceAll(name, 'NAME')));
}

/** Removes empty values: an update leaves `{}` where a new resource has no key, and the other way round. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, pruned(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const OF_ONE_RUN = [
  'UUID',
  'LastModified',
  'RevisionId',
  'StreamCreationTimestamp',
  'StateReason',
  'EventSourceMappingArn',
];
const OF_ONE_UPDATE = [
  'StateTransitionReason',
  'LastUpdateStatusReason',
  'LastUpdateStatusReasonCode',
  'StateReasonCode',
];

function comparable(key: string, value: unknown): unknown {
  if ([...OF_ONE_RUN, ...OF_ONE_UPDATE, '$metadata'].includes(key)) return undefined;
  // Tags and mappings have no fixed order. Our own tags record earlier seeds.
  if (Array.isArray(value))
    return value
      .filter(({ Key }) => !Key?.startsWith('ready-hooks:'))
      .sort((one, other) => order(one).localeCompare(order(other)));
  return value;
}

function order(value: { Key?: string; EventSourceArn?: string }): string {
  return value?.Key ?? value?.EventSourceArn ?? '';
}
