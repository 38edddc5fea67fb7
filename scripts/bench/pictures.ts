import { type Bar, barChart } from './chart.ts';
import { type Id, TITLES } from './contenders.ts';
import type { Times } from './race.ts';
import type { Results } from './results.ts';
import { floorsOf } from './targets.ts';

/** File name in docs → SVG. */
export function pictures(results: Results): Record<string, string> {
  return {
    'performance-one.svg': barChart(
      'One pipeline on a warm engine: seconds, median, the line from fastest to slowest',
      barsOf(results.one, [
        'floor',
        'bare',
        'library',
        'hook',
        'boto3',
        'cloudformationFast',
        'awslocal',
        'cloudformation',
      ]),
    ),
    'performance-growth.svg': barChart('Pipelines in one definition: seconds until all are ready', growthBars(results)),
    'performance-cold.svg': barChart('From nothing to the first event in S3: seconds, medians', coldBars(results)),
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
      const label = (what: string) => `${pipelines}: ${what}`;
      return [
        { label: label('floor, as run'), ms: run, kind: 'floor' },
        { label: label('floor, by formula'), ms: formula, kind: 'floor' },
        { label: label('hook'), ms: hook.median, kind: 'ours' },
        { label: label('hook again, no change'), ms: rerun.median, kind: 'ours' },
        ...(pipelines === 10
          ? barsOf(results.ten, ['awslocal']).map((bar) => ({ ...bar, label: `10: ${bar.label}` }))
          : []),
      ] satisfies Bar[];
    });
}

/** The hook's part is what it takes on a warm engine; what it takes longer is the engine loading its services. */
function coldBars({ cold, one }: Results): Bar[] {
  const own = Math.min(one.hook?.median ?? Number.NaN, cold.hook.median);
  const parts: Omit<Bar, 'from'>[] = [
    { label: 'engine: process start → it answers', ms: cold.engine.median, kind: 'peer' },
    { label: 'engine: → it starts hooks', ms: cold.stage.median, kind: 'peer' },
    { label: 'engine: loads services for the hook', ms: cold.hook.median - own, kind: 'peer' },
    { label: 'ours: what the hook takes when warm', ms: own, kind: 'ours' },
    { label: 'engine: reads, runs the function', ms: cold.event.median, kind: 'peer' },
  ];
  let from = 0;
  return parts.map((part) => {
    const bar = { ...part, from };
    from += part.ms;
    return bar;
  });
}
