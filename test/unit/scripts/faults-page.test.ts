import { expect, test } from 'vitest';
import { faultSummary, faultTables, type Row } from '../../../scripts/faults-page.ts';
import { CELLS } from '../../support/faults/expected.ts';

const cell = CELLS.find(({ operation, fault }) => operation === 'CreateStream' && fault === 'throttling');
if (!cell) throw new Error('test/support/faults/expected.ts has no throttled CreateStream');
const rows: Row[] = [
  { cell, times: 'once', outcome: 'ready', ms: 900 },
  {
    cell,
    times: 'always',
    outcome: 'Stream fault-1-ab-2 was not ready at 127.0.0.1:40123: no </html>.\nmore',
    ms: 6_120,
  },
];

test('counts the combinations that were as expected', () => {
  const text = faultSummary([...rows, { ...(rows[0] as Row), problem: 'expected an error' }], '4.14.0');
  expect(text).toMatch(
    /^2 of 3 combinations as expected \(\d{4}-\d\d-\d\d, LocalStack 4\.14\.0, Node\.js [\d.]+, .*\)\.\n/,
  );
});

test('sums up each fault', () => {
  expect(faultSummary(rows, '4.14.0')).toContain('\n| throttling | 1 of 1 ready | 0 of 1 ready | 6.1–6.1 s |\n');
});

test('lists each operation with the result of a fault that happens once, and of one that never goes away', () => {
  const line = faultTables(rows, '4.14.0')
    .split('\n')
    .find((each) => each.startsWith('| CreateStream '));
  expect(line).toBe('| CreateStream | – | – | – | – | – | – | ready / 6.1 s | – | – | – | – |');
});

test('quotes the first line of an error as Markdown, without the names and ports of the run', () => {
  expect(faultTables(rows, '4.14.0')).toMatch(
    /- \*\*throttling\*\*: Stream orders was not ready at localhost:4566: no &lt;\/html>\.$/,
  );
});
