import type { Id } from './contenders.ts';
import { floorByFormula } from './floor.ts';
import type { Growth } from './growth.ts';
import type { Results } from './results.ts';

/** What the project promises of its speed, and what a run saw. */
export interface Target {
  target: string;
  seen: string;
  met: boolean;
  /** What stands in the way where it is not met, if the run tells. */
  limit?: string;
}

const RESOURCES_PER_PIPELINE = 4;

/** A floor twice: as it was run, and by formula. A target holds when it holds against both. */
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
  const [byRun, byFormula] = [1.25 * run + bare, 1.25 * formula + bare];
  return {
    target: 'one pipeline: the hook takes ≤ 1.25 × floor + the start of a bare SDK bundle',
    seen: `${seconds(hook)}; ${seconds(byRun)} by the floor as run, ${seconds(byFormula)} by formula`,
    met: hook <= Math.min(byRun, byFormula),
  };
}

const SHORT: Partial<Record<Id, string>> = {
  awslocal: 'awslocal',
  awslocalKind: 'awslocal in the kindest order',
  boto3: 'boto3',
  cloudformation: 'CloudFormation',
  cdklocal: 'cdklocal',
  cloudformationFast: 'CloudFormation, polled at 0.1 s',
};

/** `least`: what a hook on the SDK takes at best. */
function timesOurs(id: Id, times: Results['one'], wanted: number, label: string, least: number): Target {
  const [peer, hook] = [medianOf(times, id), medianOf(times, 'hook')];
  const ratio = peer / hook;
  const most = peer / least;
  return {
    target: `${label}: ${SHORT[id] ?? id} takes ≥ ${wanted} × the hook`,
    seen: `${ratio.toFixed(1)} × (${seconds(peer)} and ${seconds(hook)})`,
    met: ratio >= wanted,
    ...(most < wanted && {
      limit: `the floor and the start of a bare SDK bundle, ${seconds(least)}, would be ${most.toFixed(1)} ×`,
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
      target: '100 pipelines: the hook takes ≤ 1.15 × floor',
      seen: `${(hook / floors.run).toFixed(2)} × the floor as run, ${(hook / floors.formula).toFixed(2)} × by formula (${seconds(hook)})`,
      met: hook <= 1.15 * Math.min(floors.run, floors.formula),
    },
    {
      target: '100 pipelines: the hook holds ≤ 200 MB',
      seen: `${Math.round(growth.memory)} MB`,
      met: growth.memory <= 200,
    },
    {
      target: 'run again, nothing changed: ≤ 2 requests a resource',
      seen: `${perResource.toFixed(2)}, and 2 to know the engine`,
      met: perResource <= 2,
    },
    {
      target: '100 pipelines, run again: ≤ 1.5 × the raw latency of its requests',
      seen: `${rerun.toFixed(2)} × (${seconds(growth.rerun.median)} and ${seconds(growth.rerunFloor?.median ?? Number.NaN)})`,
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
