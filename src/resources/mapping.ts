import type { DeclaredMapping } from '../definition/pipeline.ts';
import { canonical, type Decision, isNamed, type Kind, NOTHING, type Reader, type World } from './kind.ts';
import { holdsRecords } from './records.ts';
import { start, withArrival, withoutArrival } from './starting-position.ts';

export interface MappingRef {
  stream: string;
  function: string;
}

export interface SeenMappings {
  /** Every mapping of this stream and function: engines name them by UUID only, and some make duplicates. */
  mappings: SeenMapping[];
  /** Read only where it decides something. */
  streamHoldsRecords?: boolean;
}

export interface SeenMapping {
  uuid: string;
  state: string;
  startingPosition: string;
  /** Lower bound of arrival, seconds since the epoch, where this tool set one. */
  since?: number;
  settings: Settings;
}

/** What UpdateEventSourceMapping can change, in the definition's words. */
interface Settings {
  batchSize: number;
  maximumBatchingWindowSeconds: number;
  reportBatchItemFailures: boolean;
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
  bisectBatchOnFunctionError: boolean;
  parallelizationFactor: number;
  tumblingWindowSeconds: number;
  filters: Record<string, unknown>[];
  onFailure: string;
}

/** A Kinesis event source mapping. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const mapping: Kind<MappingRef, DeclaredMapping, SeenMappings> = {
  label: 'event source mapping',
  wait: { timeoutMs: 30_000 },

  async observe(ref, reader, declared) {
    const { call, options, world } = reader;
    const EventSourceArn = streamArn(ref, world);
    const listed = await call('ListEventSourceMappings', { EventSourceArn, FunctionName: ref.function }, options);
    const mappings = (
      await Promise.all((listed.EventSourceMappings ?? []).map(({ UUID }) => get(UUID ?? '', reader)))
    ).filter((found) => found !== undefined);
    if (!declared || !wantsRecords(declared, mappings, world)) return { mappings };
    return { mappings, streamHoldsRecords: await holdsRecords(ref.stream, reader) };
  },

  refuse(ref, declared, { engine }) {
    if (declared.startingPosition !== 'AT_TIMESTAMP' || !engine.quirks.atTimestampNeverDelivers) return;
    return `Event source mapping ${title(ref)} has startingPosition AT_TIMESTAMP, which this engine accepts but never delivers from (its poller fails on StartingPositionTimestamp): use TRIM_HORIZON or LATEST.`;
  },

  decide(ref, declared, seen, world): Decision {
    const { mappings = [], streamHoldsRecords = true } = seen ?? {};
    if (!declared) return remove(mappings);
    const deleting = mappings.find(({ state }) => state === 'Deleting');
    if (deleting) return { do: 'wait', until: 'for an earlier one to be gone', seen: `${deleting.uuid} Deleting` };
    const [found, ...others] = mappings;
    if (!found) return create(ref, declared, streamHoldsRecords, world);
    if (others.length > 0)
      return {
        do: 'fail',
        problem: `Event source mapping ${title(ref)} was expected once, but there are ${mappings.length}, so each record would be handled ${mappings.length} times: ${mappings.map(({ uuid }) => uuid).join(', ')}; delete all but one (aws lambda delete-event-source-mapping --uuid …) and apply again.`,
      };
    if (found.state !== 'Enabled' && found.state !== 'Disabled')
      return { do: 'wait', until: `for it to be ${declared.enabled ? 'Enabled' : 'Disabled'}`, seen: found.state };
    return update(ref, declared, found, streamHoldsRecords, world);
  },

  isPropagation: ({ name, message }) =>
    name === 'ResourceNotFoundException' ||
    (name === 'InvalidParameterValueException' && /does not exist|not found/i.test(message)),
};

function title(ref: MappingRef): string {
  return `${ref.stream} → ${ref.function}`;
}

function streamArn(ref: MappingRef, { region, account }: World): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${ref.stream}`;
}

/** List tells a state that is some steps behind, so each mapping is read by Get. */
async function get(UUID: string, { call, options }: Reader): Promise<SeenMapping | undefined> {
  try {
    const m = await call('GetEventSourceMapping', { UUID }, options);
    const patterns = (m.FilterCriteria?.Filters ?? []).map(({ Pattern }) => JSON.parse(Pattern ?? '{}'));
    const { filters, since } = withoutArrival(patterns);
    return {
      uuid: UUID,
      state: m.State ?? 'Enabled',
      startingPosition: m.StartingPosition ?? '',
      ...(since !== undefined && { since }),
      settings: {
        batchSize: m.BatchSize ?? 100,
        maximumBatchingWindowSeconds: m.MaximumBatchingWindowInSeconds ?? 0,
        reportBatchItemFailures: m.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        maximumRetryAttempts: m.MaximumRetryAttempts ?? -1,
        maximumRecordAgeSeconds: m.MaximumRecordAgeInSeconds ?? -1,
        bisectBatchOnFunctionError: m.BisectBatchOnFunctionError ?? false,
        parallelizationFactor: m.ParallelizationFactor ?? 1,
        tumblingWindowSeconds: m.TumblingWindowInSeconds ?? 0,
        filters,
        onFailure: m.DestinationConfig?.OnFailure?.Destination ?? '',
      },
    };
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function settingsOf(declared: DeclaredMapping): Settings {
  const { onFailure } = declared;
  return {
    batchSize: declared.batchSize,
    maximumBatchingWindowSeconds: declared.maximumBatchingWindowSeconds,
    reportBatchItemFailures: declared.reportBatchItemFailures,
    maximumRetryAttempts: declared.maximumRetryAttempts,
    maximumRecordAgeSeconds: declared.maximumRecordAgeSeconds,
    bisectBatchOnFunctionError: declared.bisectBatchOnFunctionError,
    parallelizationFactor: declared.parallelizationFactor,
    tumblingWindowSeconds: declared.tumblingWindowSeconds,
    filters: declared.filters,
    onFailure: onFailure ? ('bucket' in onFailure ? `arn:aws:s3:::${onFailure.bucket}` : onFailure.arn) : '',
  };
}

function changes(declared: DeclaredMapping, seen: SeenMapping): string[] {
  const settings = settingsOf(declared);
  const changed: string[] = (Object.keys(settings) as (keyof Settings)[]).filter(
    (key) => canonical(settings[key]) !== canonical(seen.settings[key]),
  );
  // A filter on arrival time stands for LATEST; to start at the horizon means to drop it.
  if (declared.startingPosition === 'TRIM_HORIZON' && seen.since !== undefined && !changed.includes('filters'))
    changed.push('filters');
  if (declared.enabled !== (seen.state === 'Enabled')) changed.push('enabled');
  return changed;
}

/** Whether records in the stream bear on the next decision: where to start, or what an update makes the poller read again. */
function wantsRecords(declared: DeclaredMapping, mappings: SeenMapping[], { engine }: World): boolean {
  const [found] = mappings;
  if (!found) return declared.startingPosition === 'LATEST' && engine.quirks.latestLosesFirstRecords;
  return engine.quirks.updateRestartsPoller && changes(declared, found).length > 0;
}

function configuration(settings: Settings, filters: Record<string, unknown>[], enabled: boolean) {
  return {
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.maximumBatchingWindowSeconds,
    FunctionResponseTypes: settings.reportBatchItemFailures ? ['ReportBatchItemFailures' as const] : [],
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    BisectBatchOnFunctionError: settings.bisectBatchOnFunctionError,
    ParallelizationFactor: settings.parallelizationFactor,
    TumblingWindowInSeconds: settings.tumblingWindowSeconds,
    FilterCriteria: { Filters: filters.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
    DestinationConfig: settings.onFailure ? { OnFailure: { Destination: settings.onFailure } } : {},
    Enabled: enabled,
  };
}

function create(ref: MappingRef, declared: DeclaredMapping, streamHoldsRecords: boolean, world: World): Decision {
  const { position, filters, note, warning } = start(declared, streamHoldsRecords, world);
  const { FilterCriteria, DestinationConfig, ...rest } = configuration(settingsOf(declared), filters, declared.enabled);
  return {
    do: 'send',
    effect: 'create',
    why: [`batch size ${declared.batchSize}`, note ?? position].join(', '),
    ...(warning && { warning }),
    request: {
      operation: 'CreateEventSourceMapping',
      input: {
        EventSourceArn: streamArn(ref, world),
        FunctionName: ref.function,
        StartingPosition: position,
        ...(declared.startingPositionTimestamp && {
          StartingPositionTimestamp: new Date(declared.startingPositionTimestamp),
        }),
        ...rest,
        ...(filters.length > 0 && { FilterCriteria }),
        ...(declared.onFailure && { DestinationConfig }),
      },
    },
  };
}

function update(
  ref: MappingRef,
  declared: DeclaredMapping,
  seen: SeenMapping,
  streamHoldsRecords: boolean,
  world: World,
): Decision {
  if (!startsAsDeclared(declared, seen))
    return {
      do: 'fail',
      problem: `Event source mapping ${title(ref)} starts at ${seen.startingPosition} and the definition says ${declared.startingPosition}, which cannot be changed: it needs a new mapping; remove this one with ready-hooks destroy (or aws lambda delete-event-source-mapping --uuid ${seen.uuid}) and apply again.`,
    };
  const changed = changes(declared, seen);
  if (changed.length === 0) return NOTHING;
  const keepsArrival = declared.startingPosition === 'LATEST' && seen.since !== undefined;
  const filters = keepsArrival ? withArrival(declared.filters, seen.since ?? 0) : declared.filters;
  const restarts = world.engine.quirks.updateRestartsPoller && declared.enabled && streamHoldsRecords;
  return {
    do: 'send',
    effect: 'update',
    why: changed.join(', '),
    ...(restarts && { warning: restartWarning(seen, keepsArrival) }),
    request: {
      operation: 'UpdateEventSourceMapping',
      input: { UUID: seen.uuid, ...configuration(settingsOf(declared), filters, declared.enabled) },
    },
  };
}

/** LATEST is made as TRIM_HORIZON where that is what keeps its promise. */
function startsAsDeclared({ startingPosition }: DeclaredMapping, seen: SeenMapping): boolean {
  return (
    seen.startingPosition === startingPosition ||
    seen.startingPosition === '' ||
    (startingPosition === 'LATEST' && seen.startingPosition === 'TRIM_HORIZON')
  );
}

function restartWarning(seen: SeenMapping, keepsArrival: boolean): string {
  const restarts = `this engine restarts the mapping's poller at ${seen.startingPosition} on any update`;
  if (seen.startingPosition === 'LATEST')
    return `${restarts}: records put shortly before and up to a few seconds after it can be lost`;
  const since = keepsArrival ? ` that arrived since ${new Date((seen.since ?? 0) * 1000).toISOString()}` : '';
  return `${restarts}: the records still in the stream${since} are delivered again`;
}

function remove(mappings: SeenMapping[]): Decision {
  const alive = mappings.find(({ state }) => state !== 'Deleting');
  if (alive)
    return {
      do: 'send',
      effect: 'delete',
      why: 'declared by the definition that is destroyed',
      request: { operation: 'DeleteEventSourceMapping', input: { UUID: alive.uuid } },
    };
  const [last] = mappings;
  return last ? { do: 'wait', until: 'for it to be gone', seen: 'Deleting' } : NOTHING;
}
