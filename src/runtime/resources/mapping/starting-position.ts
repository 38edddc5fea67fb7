import type { DeclaredMapping } from '../../definition/pipeline.ts';
import { canonical, type World } from '../kind.ts';
import type { Held } from '../stream/held-records.ts';
import { withMarks } from './marks.ts';

type Pattern = Record<string, unknown>;

/** The position and filters to request, so that the declared starting position keeps its promise. */
export interface Start {
  position: DeclaredMapping['startingPosition'];
  filters: Pattern[];
  /** The difference to the declared position and its reason, for the log. */
  note?: string;
  warning?: string;
}

/** The clocks of a machine and its containers agree to the millisecond; those of virtual machines differ by less than this. */
const CLOCKS_DIFFER_MS = 2_000;

/**
 * LATEST means: every record put after the mapping exists, none from before. An engine that takes its LATEST iterator only
 * after it reports Enabled (localstack#10166) would lose the first records. TRIM_HORIZON has no such gap: on an empty stream
 * it means the same; on a stream with records, a filter on arrival time skips the existing ones. The time is the engine's
 * own timestamp of the newest record, so the engine's clock is never compared with ours.
 */
export function start(declared: DeclaredMapping, held: Exclude<Held, 'unknown'>, world: World): Start {
  const { startingPosition: position } = declared;
  const filters = withMarks(declared.filters);
  const { quirks } = world.engine;
  if (position === 'LATEST' && quirks.mappingsStartAtHorizon && held !== 'none')
    return {
      position,
      filters,
      warning:
        'the stream already has records, and this engine starts every mapping at TRIM_HORIZON: they are delivered too',
    };
  if (position !== 'LATEST' || !quirks.latestLosesFirstRecords) return { position, filters };
  if (held === 'none')
    return {
      position: 'TRIM_HORIZON',
      filters,
      note: 'LATEST sent as TRIM_HORIZON: same on an empty stream, but cannot miss the first records',
    };
  if (!quirks.filtersArrivalTime)
    return {
      position,
      filters,
      warning: 'the stream already has records, and on this engine LATEST can miss records put in the first seconds',
    };
  const newest = new Date(held.newestAt).toISOString();
  const aheadMs = held.newestAt - world.now;
  return {
    position: 'TRIM_HORIZON',
    // No later record can have the arrival time of the newest.
    filters: withArrival(filters, '>=', (held.newestAt + 1) / 1000),
    note: `LATEST sent as TRIM_HORIZON, with a filter that skips the records already in the stream (newest: ${newest}): cannot miss the first new records`,
    ...(aheadMs > CLOCKS_DIFFER_MS && {
      warning: `the newest record in the stream arrived at ${newest}, ${Math.round(aheadMs / 1000)} s ahead of this machine's clock: if the engine's clock was set back, records put before that time are skipped too`,
    }),
  };
}

/** The start of a mapping that replaces one that read none of this stream: all records were put while the other existed. */
export function restart({ startingPosition: position, ...declared }: DeclaredMapping): Start {
  const filters = withMarks(declared.filters);
  if (position !== 'LATEST') return { position, filters };
  return {
    position: 'TRIM_HORIZON',
    filters,
    note: "LATEST sent as TRIM_HORIZON: the stream's records were put while the earlier mapping existed",
  };
}

/** Adds a condition on the arrival time, in seconds since the epoch, to each filter. */
export function withArrival(filters: readonly Pattern[], operator: '>=' | '<', seconds: number): Pattern[] {
  const arrived = { approximateArrivalTimestamp: [{ numeric: [operator, seconds] }] };
  const each = filters.length > 0 ? filters : [{}];
  return each.map((pattern) => ({
    ...pattern,
    kinesis: { ...(pattern['kinesis'] as object | undefined), ...arrived },
  }));
}

/** The declared filters, and the arrival time if withArrival added one. */
export function withoutArrival(filters: readonly Pattern[]): { filters: Pattern[]; since?: number } {
  const times = filters.map(arrivalTime);
  const since = times[0];
  if (since === undefined || times.some((time) => time !== since)) return { filters: [...filters] };
  const stripped = filters.map(({ kinesis, ...rest }) => {
    const { approximateArrivalTimestamp, ...others } = kinesis as Pattern;
    return Object.keys(others).length > 0 ? { ...rest, kinesis: others } : rest;
  });
  const nothingElse = stripped.length === 1 && canonical(stripped[0]) === '{}';
  return { filters: nothingElse ? [] : stripped, since };
}

function arrivalTime({ kinesis }: Pattern): number | undefined {
  const [condition, ...more] =
    (kinesis as { approximateArrivalTimestamp?: unknown[] })?.approximateArrivalTimestamp ?? [];
  const [operator, seconds] = (condition as { numeric?: unknown[] })?.numeric ?? [];
  return operator === '>=' && typeof seconds === 'number' && more.length === 0 ? seconds : undefined;
}
