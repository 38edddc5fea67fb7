import type { DeclaredMapping } from '../../definition/pipeline.ts';
import { engineName } from '../../engine/detect.ts';
import type { Engine } from '../../engine/engine.ts';
import { keysBesidesData } from '../../engine/filters.ts';
import { behaviourOf } from '../../engine/localstack-versions.ts';
import type { Output } from '../../engine/operations.ts';
import { canonical } from '../kind.ts';
import { withoutMarks } from './marks.ts';
import { withoutArrival } from './starting-position.ts';

/** What a mapping declares besides settings: who reads what and from where, and what ready-hooks does about it. */
type Besides =
  | ('stream' | 'function' | 'startingPosition' | 'startingPositionTimestamp')
  | ('enabled' | 'verifyDelivery' | 'wait');

/** The settings that UpdateEventSourceMapping can change, named as in the definition. */
export type Settings = Omit<DeclaredMapping, Besides | 'onFailure'> & {
  /** An ARN, or empty. */
  onFailure: string;
};

/** Their names in the AWS API. A setting of the definition without one does not compile: it would never be sent. */
interface AwsNames {
  batchSize: 'BatchSize';
  maximumBatchingWindowSeconds: 'MaximumBatchingWindowInSeconds';
  reportBatchItemFailures: 'FunctionResponseTypes';
  maximumRetryAttempts: 'MaximumRetryAttempts';
  maximumRecordAgeSeconds: 'MaximumRecordAgeInSeconds';
  bisectBatchOnFunctionError: 'BisectBatchOnFunctionError';
  parallelizationFactor: 'ParallelizationFactor';
  tumblingWindowSeconds: 'TumblingWindowInSeconds';
  filters: 'FilterCriteria';
  onFailure: 'DestinationConfig';
}

/** A mapping as Get and List return it. */
export type SeenAnswer = Omit<Output<'GetEventSourceMapping'>, '$metadata'>;

/** The engine's settings of a mapping, and the lower bound of arrival (seconds since the epoch) if ready-hooks set one. */
export function seenSettings(m: SeenAnswer): { settings: Settings; since?: number } {
  const patterns = (m.FilterCriteria?.Filters ?? []).map(({ Pattern }) => JSON.parse(Pattern ?? '{}'));
  const { filters, since } = withoutArrival(patterns);
  return {
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
      filters: withoutMarks(filters),
      onFailure: m.DestinationConfig?.OnFailure?.Destination ?? '',
    },
  };
}

/** The settings of a mapping without declared ones. */
const DEFAULTS = seenSettings({}).settings;

export function settingsOf(declared: DeclaredMapping): Settings {
  const { onFailure: to } = declared;
  const onFailure = to ? ('bucket' in to ? `arn:aws:s3:::${to.bucket}` : to.arn) : '';
  const given = Object.keys(DEFAULTS).map((key) => [key, declared[key as keyof Settings]]);
  return { ...Object.fromEntries(given), onFailure };
}

/** The settings that differ from the declared ones, and that the engine stores. */
export function changedSettings(declared: DeclaredMapping, seen: Settings, { quirks }: Engine): (keyof Settings)[] {
  return differences(settingsOf(declared), seen).filter((key) => quirks.keptSettings?.includes(key) ?? true);
}

/** Declared settings that differ from the default, and that the engine ignores. */
function ignoredSettings(declared: DeclaredMapping, { quirks }: Engine): (keyof Settings)[] {
  const { ignoredSettings = [], honouredSettings: only } = quirks;
  return differences(settingsOf(declared), DEFAULTS).filter(
    (key) => ignoredSettings.includes(key) || (only && !only.includes(key)),
  );
}

function differences(a: Settings, b: Settings): (keyof Settings)[] {
  return (Object.keys(a) as (keyof Settings)[]).filter((key) => canonical(a[key]) !== canonical(b[key]));
}

/** Settings in the form of the AWS API. */
export function configuration(settings: Settings, filters: Record<string, unknown>[], enabled: boolean) {
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
  } satisfies Record<AwsNames[keyof Settings] | 'Enabled', unknown>;
}

/** Differences between a mapping's declaration and this engine's behaviour. */
export function warnings(declared: DeclaredMapping, engine: Engine): string[] {
  const ignored = ignoredSettings(declared, engine);
  const keys = ignored.includes('filters') ? [] : keysBesidesData(declared.filters);
  return [
    ignored.length > 0 && ignoredText(ignored, engine),
    keys.length > 0 && `AWS supports filters on data only: ${keys.join(', ')} may not match there`,
    ...versionWarnings(declared, engine),
  ].filter((warning) => warning !== false);
}

function ignoredText(ignored: readonly string[], engine: Engine): string {
  const lost = ignored.includes('reportBatchItemFailures')
    ? '; records listed in batchItemFailures are not delivered again'
    : '';
  return `${engineName(engine)} ignores ${ignored.join(', ')}${lost}`;
}

function versionWarnings(declared: DeclaredMapping, engine: Engine): (string | false)[] {
  const behaviour = engine.product === 'localstack' ? behaviourOf(engine.version) : undefined;
  if (!behaviour) return [];
  const name = engineName(engine);
  const { maximumBatchingWindowSeconds: window, maximumRecordAgeSeconds: age } = declared;
  return [
    behaviour.losesRecordsWhenIdle &&
      `${name} can lose single records after idle minutes: use a newer version, ideally 4.14.0, if that matters`,
    window > 0 && !behaviour.batchingWindow && `${name} ignores maximumBatchingWindowSeconds, which needs 4.3 or newer`,
    age > 0 && !behaviour.recordAge && `${name} ignores maximumRecordAgeSeconds, which needs 4.4 or newer`,
    settingsOf(declared).onFailure.startsWith('arn:aws:s3') &&
      !behaviour.bucketDestination &&
      `${name} ignores onFailure to a bucket, which needs 4.1 or newer`,
  ];
}
