import type { Id } from './contenders.ts';
import { floorByFormula } from './floor.ts';
import type { Growth } from './growth.ts';
import type { Results } from './results.ts';
import type { Spread } from './stats.ts';

/** A speed that the project promises, and the measured result. */
export interface Target {
  target: string;
  seen: string;
  met: boolean;
  /** For a missed target: the best possible result, if even that misses it. */
  limit?: string;
}

const RESOURCES_PER_PIPELINE = 4;

/** The floor, measured and calculated. A target must hold against both. */
export function floorsOf(results: Results, pipelines: number): { run: number; formula: number } {
  const run =
    pipelines === 1
      ? results.one.floor?.median
      : results.growth.find((each) => each.pipelines === pipelines && each.shards === 1)?.floor.median;
  return { run: run ?? Number.NaN, formula: floorByFormula(pipelines, new Map(Object.entries(results.latencies))) };
}

export function targetsOf(results: Results): Target[] {
  const { one, ten } = results;
  const least = (pipelines: number) => floorsOf(results, pipelines).run + medianOf(one, 'bare');
  const hundred = results.growth.find(({ pipelines }) => pipelines === 100);
  const all = [
    nearFloor(results),
    ...coldTargets(results),
    timesOurs('awslocal', one, 6, 'one pipeline', least(1)),
    timesOurs('awslocalKind', one, 6, 'one pipeline', least(1)),
    timesOurs('boto3', one, 1.5, 'one pipeline', least(1)),
    timesOurs('cloudformation', one, 2, 'one pipeline', least(1)),
    timesOurs('cloudformationFast', one, 2, 'one pipeline', least(1)),
    timesOurs('cdklocal', one, 2, 'one pipeline', least(1)),
    timesOurs('awslocal', ten, 20, '10 pipelines', least(10)),
    timesOurs('awslocalKind', ten, 20, '10 pipelines', least(10)),
    ...(hundred ? atHundred(hundred, floorsOf(results, 100)) : []),
  ];
  // A quick run does not measure all of them.
  return all.filter(({ seen }) => !seen.includes('NaN'));
}

function nearFloor(results: Results): Target {
  const [hook, bare] = [medianOf(results.one, 'hook'), medianOf(results.one, 'bare')];
  const { run, formula } = floorsOf(results, 1);
  const [byRun, byFormula] = [run + bare + 50, formula + bare + 50];
  return {
    target: 'one pipeline: hook ≤ floor + start of a bare SDK bundle + 0.05 s',
    seen: `${seconds(hook)}; limit ${seconds(byRun)} (measured floor), ${seconds(byFormula)} (calculated floor)`,
    met: hook <= Math.min(byRun, byFormula),
  };
}

function coldTargets({ cold, container }: Results): Target[] {
  const start = cold.engine.median + cold.hook.median;
  const nearRaw = (where: string, { hook, raw }: Record<'hook' | 'raw', Spread>): Target => ({
    target: `cold start ${where}: hook ≤ 1.3 × the first raw requests`,
    seen: `${(hook.median / raw.median).toFixed(2)} × (${seconds(hook.median)} against ${seconds(raw.median)})`,
    met: hook.median <= 1.3 * raw.median,
  });
  return [
    {
      target: 'cold start without Docker: process start → ready ≤ 2.2 s',
      seen: seconds(start),
      met: start <= 2_200,
    },
    nearRaw('without Docker', cold),
    ...(container ? [nearRaw('in a container', container)] : []),
  ];
}

const SHORT: Partial<Record<Id, string>> = {
  awslocal: 'awslocal',
  awslocalKind: 'awslocal, best order,',
  boto3: 'boto3',
  cloudformation: 'CloudFormation',
  cdklocal: 'cdklocal',
  cloudformationFast: 'CloudFormation, checked every 0.1 s,',
};

/** `least`: the shortest possible time of a hook on the SDK. */
function timesOurs(id: Id, times: Results['one'], wanted: number, label: string, least: number): Target {
  const [peer, hook] = [medianOf(times, id), medianOf(times, 'hook')];
  const ratio = peer / hook;
  const most = peer / least;
  return {
    target: `${label}: ${SHORT[id] ?? id} takes ≥ ${wanted} × the hook`,
    seen: `${ratio.toFixed(1)} × (${seconds(peer)} against ${seconds(hook)})`,
    met: ratio >= wanted,
    ...(most < wanted && {
      limit: `even floor + start of a bare SDK bundle (${seconds(least)}) would reach only ${most.toFixed(1)} ×`,
    }),
  };
}

function atHundred(growth: Growth, floors: { run: number; formula: number }): Target[] {
  const hook = growth.hook.median;
  const asked = Object.entries(growth.rerunRequests).filter(([operation]) => !operation.includes(' '));
  const perResource = asked.reduce((sum, [, count]) => sum + count, 0) / growth.pipelines / RESOURCES_PER_PIPELINE;
  const rerun = growth.rerun.median / (growth.rerunFloor?.median ?? Number.NaN);
  return [
    {
      target: '100 pipelines: hook ≤ 1.15 × floor',
      seen: `${(hook / floors.run).toFixed(2)} × the measured floor, ${(hook / floors.formula).toFixed(2)} × the calculated floor (${seconds(hook)})`,
      met: hook <= 1.15 * Math.min(floors.run, floors.formula),
    },
    {
      target: '100 pipelines: hook uses ≤ 200 MB of memory',
      seen: `${Math.round(growth.memory)} MB`,
      met: growth.memory <= 200,
    },
    {
      target: 're-run without changes: ≤ 2 requests per resource',
      seen: `${perResource.toFixed(2)}, plus 2 to detect the engine`,
      met: perResource <= 2,
    },
    {
      target: '100 pipelines, re-run: ≤ 1.5 × the time of its raw requests',
      seen: `${rerun.toFixed(2)} × (${seconds(growth.rerun.median)} against ${seconds(growth.rerunFloor?.median ?? Number.NaN)})`,
      met: rerun <= 1.5,
    },
  ];
}

function medianOf(times: Results['one'], id: Id): number {
  return times[id]?.median ?? Number.NaN;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
