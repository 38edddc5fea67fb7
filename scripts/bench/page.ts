import { type Id, TITLES } from './contenders.ts';
import { FEWEST } from './floor.ts';
import type { Growth } from './growth.ts';
import type { Results } from './results.ts';
import type { Spread } from './stats.ts';
import { floorsOf, seconds, targetsOf } from './targets.ts';

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
const range = ({ median, min, max, rounds }: Spread) =>
  rounds === 1
    ? `${seconds(median)} (once)`
    : `${seconds(median)} (${(min / 1000).toFixed(2)}–${(max / 1000).toFixed(2)}, ${rounds} rounds)`;

/** docs/performance.md, all of it from one run. */
export function page(results: Results): string {
  const { machine, versions } = results;
  const targets = targetsOf(results);
  const floors = floorsOf(results, 1);
  return `# Performance

\`npm run bench\` takes about 12 minutes and writes this page, its pictures and [performance.json](performance.json); \`npm run bench -- --quick\`
takes 2 minutes and writes nothing. ${results.date}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.system}, load ${machine.loadBefore} before the
run; ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}. LocalStack
ran without Docker.${busy(machine)} Times are medians; contenders run by turns, each under new names, and what one calls
ready is checked: stream ACTIVE, function Active, mapping Enabled.

## What is promised, and what was seen

${table(
  ['target', 'seen', ''],
  targets.map(({ target, seen, met, limit }) => [
    target,
    seen,
    met ? 'met' : `**not met**${limit ? `: ${limit}` : ''}`,
  ]),
)}

What the hook takes beyond the floor is what its promises need and the floor leaves out: it asks what is there before it makes anything, and after
each request what came of it; and its process starts, some 0.1 s. None of these waits is a sleep.

## One pipeline on a warm engine

![One pipeline](performance-one.svg)

${table(['', 'time', '× the hook'], raceRows(results.one))}

- The floor is ${FEWEST.length} requests without an SDK, over kept-alive connections, each sent as soon as strict order allows. By formula it is
  ${seconds(floors.formula)}: the median latencies of these requests, one by one, and 0.5 s for each five streams, which are CREATING that long.
  ${latencies(results)}.
- \`awslocal\` is a script as LocalStack's documentation shows them: each resource, then the CLI's own waiter. That of a stream looks at once and then
  after 10 s; whether the stream is ACTIVE at the first look depends on whether \`awslocal\` takes longer to start than 0.5 s. In the kindest order the
  stream is waited for last, and the waiters never sleep.
  \`aws cloudformation deploy\` looks again after 30 s; "by boto3, waiter at 0.1 s" is the same template without that.
- boto3 is a process of its own, as from a \`.sh\` hook; a \`.py\` hook, which LocalStack runs inside itself, saves the start of Python and boto3.
- Terraform was not run: its AWS provider comes from a registry that the machine of the run did not reach.
- \`cdklocal deploy\` is of a stack whose code is inline, so that nothing is bootstrapped or uploaded; its synthesis is in the time.

## Growth

![Growth](performance-growth.svg)

One definition of so many pipelines, of four resources each. From 30 on each run is on a new engine. Requests are counted in the hook's process.

${table(
  [
    'pipelines',
    'floor, as run',
    'by formula',
    'hook',
    '× floor',
    'requests',
    'memory',
    'again, no change',
    'its requests',
    'those raw',
  ],
  results.growth.filter(({ shards }) => shards === 1).map((growth) => growthRow(results, growth)),
)}

${table(['10 pipelines', 'time', '× the hook'], raceRows(results.ten))}

${table(
  ['shards of one stream', 'floor, as run', 'hook', 'requests', 'memory'],
  results.growth
    .filter(({ pipelines }) => pipelines === 1)
    .map(({ shards, floor, hook, requests, memory }) => [
      shards,
      range(floor),
      range(hook),
      total(requests),
      `${Math.round(memory)} MB`,
    ]),
)}

What one pipeline asks for: ${told(results.growth[0]?.requests)}. Run again: ${told(results.growth[0]?.rerunRequests)}.

## Cold start

![Cold start](performance-cold.svg)

${table(
  ['', 'time'],
  [
    ['process start → LocalStack starts its hooks', range(results.cold.engine)],
    ['→ the hook has ended: ready', range(results.cold.hook)],
    ['→ an event put then is in S3', range(results.cold.event)],
  ],
)}

LocalStack loads S3, Kinesis and Lambda at the first request of each: the raw requests of one pipeline, one by one, take ${range(results.cold.raw)} as the first
ones to a new engine, and ${seconds(results.one.lone?.median ?? Number.NaN)} on a warm one.
`;
}

function raceRows(times: Results['one']): string[][] {
  const hook = times.hook?.median ?? Number.NaN;
  return (Object.keys(TITLES) as Id[]).flatMap((id) => {
    const spread = times[id];
    return spread ? [[TITLES[id], range(spread), (spread.median / hook).toFixed(2)]] : [];
  });
}

function growthRow(results: Results, growth: Growth): (string | number)[] {
  const { pipelines, floor, hook, requests, memory, rerun, rerunRequests, rerunFloor } = growth;
  const { formula } = floorsOf(results, pipelines);
  return [
    pipelines,
    range(floor),
    seconds(formula),
    range(hook),
    (hook.median / floor.median).toFixed(2),
    total(requests),
    `${Math.round(memory)} MB`,
    range(rerun),
    total(rerunRequests),
    rerunFloor ? range(rerunFloor) : '–',
  ];
}

function busy({ cores, loadBefore }: Results['machine']): string {
  if (loadBefore <= cores / 2) return '';
  return ' **The machine was busy with other work**: contenders that ran by turns can be compared, with the width of their spread, but what was run once cannot.';
}

function latencies({ latencies: medians }: Results): string {
  return FEWEST.map((operation) => `${operation} ${(medians[operation] ?? Number.NaN).toFixed(0)} ms`).join(', ');
}

function told(requests: Record<string, number> = {}): string {
  return `${Object.entries(requests)
    .map(([operation, count]) => (count === 1 ? operation : `${count} ${operation}`))
    .join(', ')} (${total(requests)})`;
}

function total(requests: Record<string, number>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}
