import { type Id, TITLES } from './contenders.ts';
import { FEWEST } from './floor.ts';
import type { Growth } from './growth.ts';
import { isBusy, type Results } from './results.ts';
import type { Spread } from './stats.ts';
import { floorsOf, seconds, targetsOf } from './targets.ts';

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
const range = ({ median, min, max, rounds }: Spread) =>
  rounds === 1
    ? `${seconds(median)} (once)`
    : `${seconds(median)} (${(min / 1000).toFixed(2)}–${(max / 1000).toFixed(2)}, ${rounds} rounds)`;

/** docs/performance.md, generated from one run. */
export function page(results: Results): string {
  const [hook, many] = [results.one.hook, results.growth.filter(({ shards }) => shards === 1).at(-1)];
  return `# Performance

On a running LocalStack, the hook makes one pipeline ready in ${seconds(hook?.median ?? Number.NaN)} and ${many?.pipelines} pipelines in ${seconds(many?.hook.median ?? Number.NaN)}.

${[onePipeline(results), growth(results), coldStart(results), targets(results), method(results)].join('\n\n')}
`;
}

function onePipeline(results: Results): string {
  return `## One pipeline on a running engine

![One pipeline](performance-one.svg)

${table(['', 'time', '× the hook'], raceRows(results.one))}

- **Floor**: ${FEWEST.length} requests without an SDK, over keep-alive connections, each sent as soon as strict order allows.
- **The hook** needs more time than the floor: it checks which resources exist before it creates any, checks the result of each request, and starts a
  process (about 0.1 s). It never sleeps for a fixed time.
- **boto3** runs as a separate process, as from a \`.sh\` hook. A \`.py\` hook runs inside LocalStack and saves the start of Python and boto3.
- **awslocal** is a script like those in LocalStack's documentation: create a resource, then run the CLI's waiter. The stream waiter checks at once, and
  again after 10 s. Its first check finds the stream ACTIVE only if \`awslocal\` takes longer than 0.5 s to start. In the best order, the script waits for
  the stream last, so no waiter sleeps.
- **CloudFormation**: \`aws cloudformation deploy\` checks again after 30 s. The boto3 variant deploys the same template without that pause.
- **CDK**: the code is inline, so nothing is bootstrapped or uploaded. The time includes synthesis.
- **Terraform** was not measured: the machine could not reach the registry of its AWS provider.`;
}

function growth(results: Results): string {
  return `## Many pipelines, many shards

![Growth](performance-growth.svg)

One definition with 1 to 100 pipelines of four resources each:

${table(
  [
    'pipelines',
    'floor',
    'calculated floor',
    'hook',
    '× floor',
    'requests',
    'memory',
    're-run',
    're-run requests',
    'raw re-run',
  ],
  results.growth.filter(({ shards }) => shards === 1).map((each) => growthRow(results, each)),
)}

A re-run changes nothing. "Raw re-run" is the time of the same requests without an SDK.

${table(['10 pipelines', 'time', '× the hook'], raceRows(results.ten))}

${table(
  ['shards of one stream', 'floor', 'hook', 'requests', 'memory'],
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

The hook sends these requests for one pipeline: ${listOf(results.growth[0]?.requests)}. A re-run sends: ${listOf(results.growth[0]?.rerunRequests)}.`;
}

function coldStart({ cold, one, container }: Results): string {
  const rows = (start: string, engine: Spread, hook: Spread) => [
    [start, range(engine)],
    ['→ the hook ends: ready', range(hook)],
  ];
  return `## Cold start

![Cold start](performance-cold.svg)

${table(
  ['without Docker', 'time'],
  [
    ...rows('process start → LocalStack starts its hooks', cold.engine, cold.hook),
    ['→ an event sent at that moment is in S3', range(cold.event)],
    ['floor: the first raw requests of a new engine, one at a time', range(cold.raw)],
  ],
)}

LocalStack loads S3, Kinesis and Lambda when each gets its first request. A warm engine answers the same raw requests in
${seconds(one.lone?.median ?? Number.NaN)}.${
    container
      ? `

${table(
  ['in a container', 'time'],
  [
    ...rows('docker run → LocalStack starts its hooks', container.engine, container.hook),
    ['floor: the first raw requests of a new container, one at a time', range(container.raw)],
  ],
)}`
      : ''
  }`;
}

function targets(results: Results): string {
  return `## Targets

A target relative to the floor is met only if it holds against both floors, the measured and the calculated one.

${table(
  ['target', 'measured', ''],
  targetsOf(results).map(({ target, seen, met, limit }) => [
    target,
    seen,
    met ? 'met' : `**not met**${limit ? `; ${limit}` : ''}`,
  ]),
)}

The calculated floor of one pipeline is ${seconds(floorsOf(results, 1).formula)}: the median latencies of the ${FEWEST.length} requests, plus 0.5 s for every five
streams, because a stream is CREATING for that long. (${latencies(results)}.)`;
}

function method(results: Results): string {
  const { date, machine, versions } = results;
  return `## How it was measured

On ${date}: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.system}, load ${machine.loadBefore} before
the run. LocalStack ran without Docker.${busy(machine)}

Versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

Times are medians. Contenders run in turn, each with new names. After each run, the bench checks that the pipeline really is ready: stream ACTIVE, function Active,
mapping Enabled. From 30 pipelines on, each run gets a new engine. Requests are counted in the hook's process. All figures are in
[performance.json](performance.json).`;
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

function busy(machine: Results['machine']): string {
  if (!isBusy(machine)) return '';
  return '\n**The machine was busy with other work.** Contenders that ran in turn can be compared, within their spread; single runs cannot.';
}

function latencies({ latencies: medians }: Results): string {
  return FEWEST.map((operation) => `${operation} ${(medians[operation] ?? Number.NaN).toFixed(0)} ms`).join(', ');
}

function listOf(requests: Record<string, number> = {}): string {
  return `${Object.entries(requests)
    .map(([operation, count]) => (count === 1 ? operation : `${count} ${operation}`))
    .join(', ')} (${total(requests)})`;
}

function total(requests: Record<string, number>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}
