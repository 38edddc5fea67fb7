import type { DeclaredMapping } from '../../definition/pipeline.ts';
import { canonical, type World } from '../kind.ts';
import type { Held } from '../stream/held-records.ts';

type Pattern = Record<string, unknown>;

/** What is asked of the engine so that the declared starting position delivers what it promises. */
export interface Start {
  position: DeclaredMapping['startingPosition'];
  filters: Pattern[];
  /** What is done in place of the declared position and why, for the log. */
  note?: string;
  warning?: string;
}

/** Clocks of one machine and its containers agree to the millisecond; of a virtual machine, to less than this. */
const CLOCKS_DIFFER_MS = 2_000;

/**
 * LATEST means: every record put once the mapping is there, none from before. Where the engine takes its LATEST iterator only
 * after it says Enabled (localstack#10166), the first records would be lost. TRIM_HORIZON has no such window: on a stream
 * without records it means the same; on one with records, a filter on arrival time keeps back those that are there. The
 * time is that of the newest record, as the engine stamped it: no clock of ours is compared with the engine's.
 */
export function start(declared: DeclaredMapping, held: Exclude<Held, 'unknown'>, world: World): Start {
  const { startingPosition: position, filters } = declared;
  const { quirks } = world.engine;
  if (position === 'LATEST' && quirks.mappingsStartAtHorizon && held !== 'none')
    return {
      position,
      filters,
      warning: 'the stream holds records, and this engine starts every mapping at TRIM_HORIZON: they are delivered too',
    };
  if (position !== 'LATEST' || !quirks.latestLosesFirstRecords) return { position, filters };
  if (held === 'none')
    return {
      position: 'TRIM_HORIZON',
      filters,
      note: 'TRIM_HORIZON in place of LATEST: the same on a stream without records, and it loses none',
    };
  if (!quirks.filtersArrivalTime)
    return {
      position,
      filters,
      warning: 'the stream holds records, and on this engine LATEST can lose those put in the first seconds',
    };
  const newest = new Date(held.newestAt).toISOString();
  const aheadMs = held.newestAt - world.now;
  return {
    position: 'TRIM_HORIZON',
    // Arrival times have whole milliseconds, and no record that is put from now on can share that of the newest.
    filters: withArrival(filters, '>=', (held.newestAt + 1) / 1000),
    note: `TRIM_HORIZON in place of LATEST, with a filter that keeps back the records already in the stream, the newest from ${newest}: it loses none`,
    ...(aheadMs > CLOCKS_DIFFER_MS && {
      warning: `the newest record in the stream arrived at ${newest}, ${Math.round(aheadMs / 1000)} s in the future of this machine's clock: if the engine's clock was set back, what is put until it gets there is kept back too`,
    }),
  };
}

/** Where a mapping starts that takes the place of one that has read nothing of this stream: all of it was put under the other. */
export function restart({ startingPosition: position, filters }: DeclaredMapping): Start {
  if (position !== 'LATEST') return { position, filters };
  return {
    position: 'TRIM_HORIZON',
    filters,
    note: 'TRIM_HORIZON in place of LATEST: what the stream holds was put while the earlier mapping was there',
  };
}

/** The filters with a condition on the arrival time, in seconds since the epoch, in each. */
export function withArrival(filters: readonly Pattern[], operator: '>=' | '<', seconds: number): Pattern[] {
  const arrived = { approximateArrivalTimestamp: [{ numeric: [operator, seconds] }] };
  const each = filters.length > 0 ? filters : [{}];
  return each.map((pattern) => ({
    ...pattern,
    kinesis: { ...(pattern['kinesis'] as object | undefined), ...arrived },
  }));
}

/** The filters as declared, and the arrival time that withArrival added, if it did. */
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
