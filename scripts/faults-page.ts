import lock from '../package-lock.json' with { type: 'json' };
import { type Cell, RUNS } from '../test/support/faults/expected.ts';
import { FAULTS } from '../test/support/faults/faults.ts';
import type { Seen, Times } from '../test/support/faults/run-cell.ts';

export interface Row extends Seen {
  cell: Cell;
  times: Times;
}

const RUN_TITLES = {
  create: 'First run',
  adopt: 'First run on a stream that is there',
  update: 'Run that changes what is there',
  seed: 'Run that seeds what is there',
  destroy: 'Removal',
};

/** The tables of docs/reliability.md: for each operation and fault what came of it once, and for ever. */
export function faultTables(rows: readonly Row[], localstack: string): string {
  const date = new Date().toISOString().slice(0, 10);
  const sdk = lock.packages['node_modules/@aws-sdk/client-kinesis'].version;
  return [
    `${rows.length} cells, ${rows.filter(({ problem }) => !problem).length} as expected. ${date}, LocalStack ${localstack}, Node ${process.versions.node}, @aws-sdk/client-kinesis ${sdk}.`,
    ...RUNS.flatMap((run) => ['', `### ${RUN_TITLES[run]}`, '', table(rows.filter(({ cell }) => cell.run === run))]),
    '',
    '### What it says when a fault stays',
    '',
    ...FAULTS.flatMap((fault) => example(fault, rows)),
  ].join('\n');
}

function table(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const operations = [...new Set(rows.map(({ cell }) => cell.operation))];
  return [
    line(['operation', ...FAULTS]),
    line(['---', ...FAULTS.map(() => '---')]),
    ...operations.map((operation) => line([operation, ...FAULTS.map((fault) => both(rows, operation, fault))])),
  ].join('\n');
}

/** `ready / 3.4 s`: once it ended ready, for ever it gave up after 3.4 s. */
function both(rows: readonly Row[], operation: string, fault: string): string {
  const of = (wanted: Times) => {
    const row = rows.find(
      ({ cell, times }) => cell.operation === operation && cell.fault === fault && times === wanted,
    );
    if (!row) return '–';
    return row.outcome === 'ready' ? 'ready' : `${(row.ms / 1000).toFixed(1)} s`;
  };
  const [once, forEver] = [of('once'), of('forEver')];
  return once === forEver ? once : `${once} / ${forEver}`;
}

function example(fault: string, rows: readonly Row[]): string[] {
  const row = rows.find(({ cell, outcome }) => cell.fault === fault && outcome !== 'ready');
  const text = row?.outcome
    .split('\n')[0]
    ?.replaceAll(/fault-\d+-\w+-\d+/g, 'orders')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'localhost:4566');
  return text ? [`- **${fault}**: ${text}`] : [];
}
