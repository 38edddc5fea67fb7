import { fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { defined, type Properties } from './properties.ts';
import type { Place } from './resolve.ts';
import { Unknown } from './unknown.ts';

/** An AWS::Lambda::EventSourceMapping of a stream; others are left out. What it names and the template does not make is existing. */
export function addMapping(properties: Properties, draft: Draft, place: Place): void {
  const { id, line } = properties.resource;
  const stream = streamOf(properties.any('EventSourceArn'));
  if ('leftOut' in stream) {
    draft.leftOut.push(`${id} (AWS::Lambda::EventSourceMapping, line ${line}): ${stream.leftOut}`);
    return;
  }
  const fn = functionName(properties);
  for (const [kind, name] of [
    ['streams', stream.name],
    ['functions', fn],
  ] as const)
    if (!Object.hasOwn(draft[kind], name)) {
      draft[kind][name] = { existing: true };
      draft.notes.push(`${kind.slice(0, -1)} ${name} is not made by the template: it is waited for (existing).`);
    }
  if (stream.place !== `${place.region}:${place.account}`)
    draft.notes.push(
      `${id} reads ${stream.name} of ${stream.place.replace(':', ', account ')}: here it is taken from the definition's own.`,
    );
  draft.origins.push({ path: ['eventSourceMappings', draft.eventSourceMappings.length], id, line });
  draft.eventSourceMappings.push(
    defined({
      stream: stream.name,
      function: fn,
      startingPosition: properties.text('StartingPosition'),
      startingPositionTimestamp: timeOf(properties.number('StartingPositionTimestamp')),
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
    }),
  );
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
  if (!name) throw properties.refuse('FunctionName', `is ${JSON.stringify(text)}, and must name a function`);
  return name;
}

function timeOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

function filtersOf(properties: Properties): unknown[] | undefined {
  const filters = [fieldsOf(properties.any('FilterCriteria'))['Filters'] ?? []].flat();
  const patterns = filters.map((filter) => {
    const pattern = fieldsOf(filter)['Pattern'];
    try {
      return JSON.parse(String(pattern));
    } catch {
      throw properties.refuse('FilterCriteria', `has a Pattern that is no JSON: ${JSON.stringify(pattern)}`);
    }
  });
  return patterns.length > 0 ? patterns : undefined;
}

function onFailureOf(properties: Properties, { buckets, notes }: Draft): object | undefined {
  const { id } = properties.resource;
  const destination = fieldsOf(fieldsOf(properties.any('DestinationConfig'))['OnFailure'])['Destination'];
  if (destination === undefined) return undefined;
  if (destination instanceof Unknown) {
    notes.push(properties.unknown('the failure destination', destination));
    return undefined;
  }
  const arn = String(destination);
  const bucket = arn.replace(/^arn:[^:]*:s3:::/, '');
  if (Object.hasOwn(buckets, bucket)) return { bucket };
  notes.push(`the failure destination of ${id}, ${arn}, is not made by the pipeline: it must be there.`);
  return { arn };
}
