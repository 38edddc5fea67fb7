import { type Bar, barChart, type Line, lineChart } from './chart.ts';
import { type Id, TITLES } from './contenders.ts';
import type { Growth } from './growth.ts';
import type { Times } from './race.ts';
import type { Results } from './results.ts';
import type { Spread } from './stats.ts';
import { floorsOf } from './targets.ts';

/** File name in docs → SVG. */
export function pictures(results: Results): Record<string, string> {
  return {
    'performance-one.svg': barChart(
      'One pipeline on a warm engine: median seconds; the line spans fastest to slowest',
      barsOf(results.one, [
        'floor',
        'bare',
        'library',
        'hook',
        'boto3',
        'cloudformationFast',
        'awslocalKind',
        'cdklocal',
        'awslocal',
        'cloudformation',
      ]),
    ),
    'performance-growth.svg': lineChart(
      'Many pipelines in one definition: median time until all are ready',
      'pipelines of four resources each (both scales logarithmic)',
      growthLines(results),
    ),
    'performance-cold.svg': barChart('From nothing to the first event in S3: median seconds', coldBars(results)),
  };
}

function barsOf(times: Times, ids: readonly Id[]): Bar[] {
  return ids.flatMap((id) => {
    const spread = times[id];
    if (!spread) return [];
    const kind = id === 'hook' || id === 'library' ? 'ours' : id === 'floor' || id === 'bare' ? 'floor' : 'peer';
    return [{ label: TITLES[id], ms: spread.median, spread: [spread.min, spread.max], kind } satisfies Bar];
  });
}

function growthLines(results: Results): Line[] {
  const sizes = results.growth.filter(({ shards }) => shards === 1);
  const ours = (label: string, of: (growth: Growth) => Spread): Line => ({
    label,
    kind: 'ours',
    points: sizes.map((growth) => ({ x: growth.pipelines, ms: of(growth).median })),
  });
  const floor = sizes.map(({ pipelines }) => ({ x: pipelines, ms: floorsOf(results, pipelines).run }));
  return [
    { label: 'floor', kind: 'floor', points: floor },
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
  return points.length > 1 ? [{ label: TITLES[id], kind: 'peer', points }] : [];
}

/** The engine's loading time is how much longer raw requests take on a new engine; the rest of the hook's time is ready-hooks. */
function coldBars({ cold, one }: Results): Bar[] {
  const loading = Math.min(cold.raw.median - (one.lone?.median ?? Number.NaN), cold.hook.median);
  const parts: Omit<Bar, 'from'>[] = [
    { label: 'engine: process start → starts hooks', ms: cold.engine.median, kind: 'peer' },
    { label: 'engine: loads its services', ms: loading, kind: 'peer' },
    { label: 'ready-hooks: rest of the hook', ms: cold.hook.median - loading, kind: 'ours' },
    { label: 'engine: reads the event, runs the function', ms: cold.event.median, kind: 'peer' },
  ];
  let from = 0;
  return parts.map((part) => {
    const bar = { ...part, from };
    from += part.ms;
    return bar;
  });
}
