import { beforeAll, expect, test } from 'vitest';
import { endpoint } from '../support/engine.ts';
import { CELLS, type Cell } from '../support/faults/expected.ts';
import { loadServices, runCell, type Times } from '../support/faults/run-cell.ts';

// `npm run faults` runs all cells. Here are a few: every fault at a write, empty responses at a read, and of the
// faults that never go away, one for each way to handle them.
const once = CELLS.filter(
  ({ operation, fault }) =>
    operation === 'CreateStream' || (operation === 'GetEventSourceMapping' && /body$/.test(fault)),
);
const always = CELLS.filter(({ operation, fault }) =>
  [
    'CreateStream: HTTP 500',
    'CreateEventSourceMapping: never answers',
    'ListStreams: connection refused',
    'ListStreams: never answers',
    'CreateFunction: answered, not carried out',
    'DeleteBucket: throttling',
  ].includes(`${operation}: ${fault}`),
);
const rows = [...once.map((cell) => ['once', cell] as const), ...always.map((cell) => ['always', cell] as const)].map(
  ([times, cell]) => [cell.operation, cell.fault, times, cell] satisfies [string, string, Times, Cell],
);

beforeAll(() => loadServices(endpoint()));

test.concurrent.each(rows)('%s, %s %s: ends as expected', async (_operation, _fault, times, cell) => {
  const { outcome, problem } = await runCell(endpoint(), cell, times);
  expect(problem, outcome).toBeUndefined();
});
