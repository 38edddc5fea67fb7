import lock from '../package-lock.json' with { type: 'json' };
import { type Cell, RUNS } from '../test/support/faults/expected.ts';
import { FAULTS, type Fault } from '../test/support/faults/faults.ts';
import type { Seen, Times } from '../test/support/faults/run-cell.ts';

export interface Row extends Seen {
  cell: Cell;
  times: Times;
}

const RUN_TITLES = {
  create: 'First run',
  adopt: 'First run, with an existing stream',
  update: 'Run that changes existing resources',
  seed: 'Run that seeds existing resources',
  destroy: 'Removal',
};

/** One for each way a run can end: nothing answers, every try fails, no engine answers, a request has no effect. */
const EXAMPLES: readonly Fault[] = ['connection refused', 'throttling', 'malformed body', 'answered, not carried out'];

/** The block of docs/reliability.md: one line per fault, and a few error messages. */
export function faultSummary(rows: readonly Row[], localstack: string): string {
  return [
    counts(rows, localstack),
    '',
    line(['fault', 'happens once', 'never goes away', 'error after']),
    line(['---', '---', '---', '---']),
    ...FAULTS.map((fault) =>
      summary(
        fault,
        rows.filter(({ cell }) => cell.fault === fault),
      ),
    ),
    '',
    'Examples of the error:',
    '',
    ...EXAMPLES.flatMap((fault) => message(fault, rows)),
  ].join('\n');
}

/** The block of notes/faults.md: the result of every operation and fault, and every error message. */
export function faultTables(rows: readonly Row[], localstack: string): string {
  return [
    counts(rows, localstack),
    ...RUNS.flatMap((run) => ['', `## ${RUN_TITLES[run]}`, '', table(rows.filter(({ cell }) => cell.run === run))]),
    '',
    '## Errors when a fault never goes away',
    '',
    ...FAULTS.flatMap((fault) => message(fault, rows)),
  ].join('\n');
}

function counts(rows: readonly Row[], localstack: string): string {
  const date = new Date().toISOString().slice(0, 10);
  const sdk = lock.packages['node_modules/@aws-sdk/client-kinesis'].version;
  const expected = rows.filter(({ problem }) => !problem).length;
  return `${expected} of ${rows.length} combinations as expected (${date}, LocalStack ${localstack}, Node.js ${process.versions.node}, @aws-sdk/client-kinesis ${sdk}).`;
}

function summary(fault: Fault, rows: readonly Row[]): string {
  const [once, always] = [rows.filter(({ times }) => times === 'once'), rows.filter(({ times }) => times !== 'once')];
  const failed = always.filter(({ outcome }) => outcome !== 'ready').map(({ ms }) => ms);
  const ready = (some: readonly Row[]) => some.filter(({ outcome }) => outcome === 'ready').length;
  return line([
    fault,
    `${ready(once)} of ${once.length} ready`,
    `${ready(always)} of ${always.length} ready`,
    failed.length > 0 ? `${seconds(Math.min(...failed))}–${seconds(Math.max(...failed))} s` : '–',
  ]);
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const seconds = (ms: number) => (ms / 1000).toFixed(1);

function table(rows: readonly Row[]): string {
  const operations = [...new Set(rows.map(({ cell }) => cell.operation))];
  return [
    line(['operation', ...FAULTS]),
    line(['---', ...FAULTS.map(() => '---')]),
    ...operations.map((operation) => line([operation, ...FAULTS.map((fault) => both(rows, operation, fault))])),
  ].join('\n');
}

/** `ready / 3.4 s`: ready if the fault happens once; an error after 3.4 s if it never goes away. */
function both(rows: readonly Row[], operation: string, fault: string): string {
  const of = (wanted: Times) => {
    const row = rows.find(
      ({ cell, times }) => cell.operation === operation && cell.fault === fault && times === wanted,
    );
    if (!row) return '–';
    return row.outcome === 'ready' ? 'ready' : `${seconds(row.ms)} s`;
  };
  const [once, always] = [of('once'), of('always')];
  return once === always ? once : `${once} / ${always}`;
}

function message(fault: string, rows: readonly Row[]): string[] {
  const row = rows.find(({ cell, outcome }) => cell.fault === fault && outcome !== 'ready');
  const text = row?.outcome
    .split('\n')[0]
    ?.replaceAll(/fault-\d+-\w+-\d+/g, 'orders')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'localhost:4566')
    // Markdown would take it for a tag.
    .replaceAll('<', '&lt;');
  return text ? [`- **${fault}**: ${text}`] : [];
}
