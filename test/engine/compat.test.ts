import { expect, test } from 'vitest';
import { ENGINES } from '../../scripts/compat/engines.ts';
import { runEngine } from '../../scripts/compat/matrix.ts';

// One cell of `npm run compat`, which runs all: the oldest Node on the LocalStack that is taken by default.
test('a hook on Node 18 and LocalStack 4.14.0 without Docker passes every check of the matrix', async ({ signal }) => {
  const engine = ENGINES.find(({ name }) => name === 'LocalStack 4.14.0 without Docker');
  if (!engine) throw new Error('The matrix has lost its default engine');
  const [cell] = await runEngine(engine, { nodes: ['18'], signal });
  expect(cell?.outcomes).toEqual({ hook: 'ok', events: 'ok', 're-run': 'ok', status: 'ok', doctor: 'ok' });
});
