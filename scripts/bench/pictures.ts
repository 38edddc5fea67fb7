import { type Bar, barChart, type Head, type Line, lineChart } from '../draw/chart.ts';
import { type Id, TITLES } from './contenders.ts';
import type { Growth } from './growth.ts';
import type { Times } from './race.ts';
import type { Results } from './results.ts';
import type { Spread } from './stats.ts';
import { floorsOf } from './targets.ts';

const LEGEND: Head['legend'] = { blue: 'ready-hooks', gray: 'other tools', green: 'lower bounds' };

/** File name in docs → SVG. */
export function pictures(results: Results): Record<string, string> {
  return {
    'performance-one.svg': barChart(
      {
        title: 'One pipeline on a running engine',
        note: 'Median time until it is ready; the line spans the fastest and the slowest round',
        legend: LEGEND,
      },
      barsOf(results.one),
    ),
    'performance-growth.svg': lineChart(
      {
        title: 'Many pipelines in one definition',
        note: 'Median time until all are ready; both scales are logarithmic',
        legend: LEGEND,
      },
      'pipelines of four resources each',
      growthLines(results),
    ),
    'performance-cold.svg': barChart(
      {
        title: 'From nothing to the first event in S3',
        note: 'Median time of each part',
        legend: { blue: 'ready-hooks', gray: 'LocalStack' },
      },
      coldBars(results),
    ),
  };
}

const COLOURS: Partial<Record<Id, Bar['colour']>> = { hook: 'blue', library: 'blue', floor: 'green', bare: 'green' };

/** The fastest first. */
function barsOf({ lone: _, ...times }: Times): Bar[] {
  const entries = Object.entries(times) as [Id, Spread][];
  return entries
    .sort(([, a], [, b]) => a.median - b.median)
    .map(([id, { median, min, max }]) => ({
      label: TITLES[id],
      ms: median,
      spread: [min, max],
      colour: COLOURS[id] ?? 'gray',
    }));
}

function growthLines(results: Results): Line[] {
  const sizes = results.growth.filter(({ shards }) => shards === 1);
  const ours = (label: string, of: (growth: Growth) => Spread): Line => ({
    label,
    colour: 'blue',
    points: sizes.map((growth) => ({ x: growth.pipelines, ms: of(growth).median })),
  });
  const floor = sizes.map(({ pipelines }) => ({ x: pipelines, ms: floorsOf(results, pipelines).run }));
  return [
    { label: 'floor', colour: 'green', points: floor },
    ours('hook', ({ hook }) => hook),
    { ...ours('hook again, no changes', ({ rerun }) => rerun), again: true },
    ...PEERS.flatMap((id) => peerLine(results, id)),
  ];
}

/** Those measured with more than one pipeline. */
const PEERS: readonly Id[] = ['boto3', 'awslocalKind', 'awslocal'];

function peerLine({ one, ten }: Results, id: Id): Line[] {
  const points = [
    { x: 1, ms: one[id]?.median },
    { x: 10, ms: ten[id]?.median },
  ].filter((point): point is { x: number; ms: number } => point.ms !== undefined);
  return points.length > 1 ? [{ label: TITLES[id], colour: 'gray', points }] : [];
}

/** The engine's loading time is how much longer raw requests take on a new engine; the rest of the hook's time is ready-hooks. */
function coldBars({ cold, one }: Results): Bar[] {
  const loading = Math.min(cold.raw.median - (one.lone?.median ?? Number.NaN), cold.hook.median);
  const parts: Omit<Bar, 'from'>[] = [
    { label: 'engine: process start → starts hooks', ms: cold.engine.median, colour: 'gray' },
    { label: 'engine: loads its services', ms: loading, colour: 'gray' },
    { label: 'ready-hooks: rest of the hook', ms: cold.hook.median - loading, colour: 'blue' },
    { label: 'engine: reads the event, runs the function', ms: cold.event.median, colour: 'gray' },
  ];
  let from = 0;
  return parts.map((part) => {
    const bar = { ...part, from };
    from += part.ms;
    return bar;
  });
}
