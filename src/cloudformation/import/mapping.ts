import { textOf } from '../../runtime/definition/messages.ts';
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
      `${resource.id} reads stream ${stream.name} in ${stream.place.replace(':', ', account ')}: the definition reads it in its own region and account.`,
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

/** Declares a mapping's stream or function as existing, unless the template creates it. */
function declare(kind: 'streams' | 'functions', name: string, draft: Draft): void {
  if (Object.hasOwn(draft[kind], name)) return;
  draft[kind][name] = { existing: true };
  draft.notes.push(
    `${kind.slice(0, -1)} ${name} is not in the template: it is declared as existing, and the hook waits for it.`,
  );
}

function streamOf(arn: unknown): { name: string; place: string } | { leftOut: string } {
  if (arn instanceof Unknown) return { leftOut: `it reads ${arn.why}, which is not a stream in the template` };
  const [, place, name] = /^arn:[^:]*:kinesis:([^:]*:\d*):stream\/([^/]+)$/.exec(textOf(arn)) ?? [];
  return place && name ? { name, place } : { leftOut: `it reads ${textOf(arn)}, which is not a Kinesis stream` };
}

/** From a name or an ARN, either of them with or without a version or alias. */
function functionName(properties: Properties): string {
  const text = properties.text('FunctionName');
  const [, name] =
    /^(?:arn:[^:]*:lambda:[^:]*:\d*:function:|\d{12}:function:)?([\w-]+)(?::[\w$-]+)?$/.exec(text ?? '') ?? [];
  if (!name) throw properties.invalid('FunctionName', `is ${JSON.stringify(text)}, but must name a function`);
  return name;
}

function filtersOf(properties: Properties): unknown[] | undefined {
  const filters = [fieldsOf(properties.any('FilterCriteria'))['Filters'] ?? []].flat();
  const patterns = filters.map((filter) => {
    const pattern = fieldsOf(filter)['Pattern'];
    try {
      return JSON.parse(textOf(pattern));
    } catch {
      throw properties.invalid('FilterCriteria', `has a Pattern that is not valid JSON: ${JSON.stringify(pattern)}`);
    }
  });
  return filled(patterns);
}

function onFailureOf(properties: Properties, { buckets, notes }: Draft): object | undefined {
  const { Destination } = fieldsOf(fieldsOf(properties.any('DestinationConfig'))['OnFailure']);
  const destination = properties.known('the failure destination', Destination);
  if (destination === undefined) return undefined;
  const arn = textOf(destination);
  const bucket = arn.replace(/^arn:[^:]*:s3:::/, '');
  if (Object.hasOwn(buckets, bucket)) return { bucket };
  notes.push(
    `the failure destination of ${properties.resource.id}, ${arn}, is not created by the pipeline: it must already exist.`,
  );
  return { arn };
}
