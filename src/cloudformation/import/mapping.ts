import { fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { type Resolver, Unknown } from './intrinsics.ts';
import { filled, type Properties } from './properties.ts';
import { titleOf } from './template.ts';

/** An AWS::Lambda::EventSourceMapping of a stream; others are left out. */
export function addMapping(properties: Properties, draft: Draft, { options }: Resolver): void {
  const { resource } = properties;
  const stream = streamOf(properties.any('EventSourceArn'));
  if ('leftOut' in stream) {
    draft.leftOut.push(`${titleOf(resource)}: ${stream.leftOut}`);
    return;
  }
  const fn = functionName(properties);
  declare('streams', stream.name, draft);
  declare('functions', fn, draft);
  if (stream.place !== `${options.region}:${options.account}`)
    draft.notes.push(
      `${resource.id} reads ${stream.name} of ${stream.place.replace(':', ', account ')}: here it is taken from the definition's own.`,
    );
  const seconds = properties.number('StartingPositionTimestamp');
  draft.origins.set(`eventSourceMappings.${draft.eventSourceMappings.length}`, resource);
  draft.eventSourceMappings.push({
    stream: stream.name,
    function: fn,
    startingPosition: properties.text('StartingPosition'),
    startingPositionTimestamp: seconds === undefined ? undefined : new Date(seconds * 1000).toISOString(),
    batchSize: properties.number('BatchSize'),
    maximumBatchingWindowSeconds: properties.number('MaximumBatchingWindowInSeconds'),
    reportBatchItemFailures:
      [properties.any('FunctionResponseTypes')].flat().includes('ReportBatchItemFailures') || undefined,
    maximumRetryAttempts: properties.number('MaximumRetryAttempts'),
    maximumRecordAgeSeconds: properties.number('MaximumRecordAgeInSeconds'),
    bisectBatchOnFunctionError: properties.flag('BisectBatchOnFunctionError'),
    parallelizationFactor: properties.number('ParallelizationFactor'),
    tumblingWindowSeconds: properties.number('TumblingWindowInSeconds'),
    filters: filtersOf(properties),
    onFailure: onFailureOf(properties, draft),
    enabled: properties.flag('Enabled'),
  });
}

/** What a mapping names and the template does not make is existing. */
function declare(kind: 'streams' | 'functions', name: string, draft: Draft): void {
  if (Object.hasOwn(draft[kind], name)) return;
  draft[kind][name] = { existing: true };
  draft.notes.push(`${kind.slice(0, -1)} ${name} is not made by the template: it is waited for (existing).`);
}

function streamOf(arn: unknown): { name: string; place: string } | { leftOut: string } {
  if (arn instanceof Unknown) return { leftOut: `it reads ${arn.why}, which is no stream of the template` };
  const [, place, name] = /^arn:[^:]*:kinesis:([^:]*:\d*):stream\/([^/]+)$/.exec(String(arn)) ?? [];
  return place && name ? { name, place } : { leftOut: `it reads ${String(arn)}, which is no Kinesis stream` };
}

/** A name, an ARN or either with a version or alias after it. */
function functionName(properties: Properties): string {
  const text = properties.text('FunctionName');
  const [, name] =
    /^(?:arn:[^:]*:lambda:[^:]*:\d*:function:|\d{12}:function:)?([\w-]+)(?::[\w$-]+)?$/.exec(text ?? '') ?? [];
  if (!name) throw properties.invalid('FunctionName', `is ${JSON.stringify(text)}, and must name a function`);
  return name;
}

function filtersOf(properties: Properties): unknown[] | undefined {
  const filters = [fieldsOf(properties.any('FilterCriteria'))['Filters'] ?? []].flat();
  const patterns = filters.map((filter) => {
    const pattern = fieldsOf(filter)['Pattern'];
    try {
      return JSON.parse(String(pattern));
    } catch {
      throw properties.invalid('FilterCriteria', `has a Pattern that is no JSON: ${JSON.stringify(pattern)}`);
    }
  });
  return filled(patterns);
}

function onFailureOf(properties: Properties, { buckets, notes }: Draft): object | undefined {
  const { Destination } = fieldsOf(fieldsOf(properties.any('DestinationConfig'))['OnFailure']);
  const destination = properties.known('the failure destination', Destination);
  if (destination === undefined) return undefined;
  const arn = String(destination);
  const bucket = arn.replace(/^arn:[^:]*:s3:::/, '');
  if (Object.hasOwn(buckets, bucket)) return { bucket };
  notes.push(
    `the failure destination of ${properties.resource.id}, ${arn}, is not made by the pipeline: it must be there.`,
  );
  return { arn };
}
