import { type Bar, barChart } from './chart.ts';
import { type Id, TITLES } from './contenders.ts';
import type { Times } from './race.ts';
import type { Results } from './results.ts';
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
    'performance-growth.svg': barChart(
      'Many pipelines in one definition: seconds until all are ready',
      growthBars(results),
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

function growthBars(results: Results): Bar[] {
  return results.growth
    .filter(({ shards }) => shards === 1)
    .flatMap(({ pipelines, hook, rerun }) => {
      const { run, formula } = floorsOf(results, pipelines);
      const label = (name: string) => `${pipelines}: ${name}`;
      return [
        { label: label('floor, measured'), ms: run, kind: 'floor' },
        { label: label('floor, calculated'), ms: formula, kind: 'floor' },
        { label: label('hook'), ms: hook.median, kind: 'ours' },
        { label: label('hook again, no changes'), ms: rerun.median, kind: 'ours' },
        ...(pipelines === 10
          ? barsOf(results.ten, ['awslocalKind', 'awslocal']).map((bar) => ({ ...bar, label: `10: ${bar.label}` }))
          : []),
      ] satisfies Bar[];
    });
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
