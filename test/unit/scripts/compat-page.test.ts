import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ENGINES, NODE_VERSIONS } from '../../../scripts/compat/engines.ts';
import { type Matrix, PAGE, page } from '../../../scripts/compat/page.ts';
import { type Cell, CHECKS, differences, stable } from '../../../scripts/compat/result.ts';

const committed = JSON.parse(
  await readFile(new URL('../../../scripts/compat/expected.json', import.meta.url), 'utf8'),
) as Matrix;

test('docs/compatibility.md matches the version table and the last run of the matrix', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(page(committed));
});

test('every cell of the matrix has a result and a day', () => {
  const wanted = ENGINES.flatMap(({ name, nodes = NODE_VERSIONS }) => nodes.map((node) => `${name}, Node ${node}`));
  expect(committed.cells.map(({ engine, node }) => `${engine}, Node ${node}`)).toEqual(wanted);
  for (const { name } of ENGINES) expect(committed.runs[name]).toMatch(/^\d{4}-\d\d-\d\d$/);
});

const cell = (node: string, hook = 'ok'): Cell => ({
  engine: 'e',
  node,
  outcomes: { ...(Object.fromEntries(CHECKS.map((check) => [check, 'ok'])) as Cell['outcomes']), hook },
});

test.each<[string, Cell[], Cell[], string[]]>([
  ['as expected', [cell('18')], [cell('18')], []],
  ['an expected failure', [cell('18', 'too old')], [cell('18', 'too old')], []],
  ['a failure', [cell('18')], [cell('18', 'too old')], ['e, Node 18, hook: expected ok, got too old']],
  ['fixed', [cell('18', 'too old')], [cell('18')], ['e, Node 18, hook: expected too old, got ok']],
  ['not run', [cell('18'), cell('20')], [cell('18')], ['e, Node 20: expected, but not run']],
  ['an engine that did not run', [{ ...cell('18'), engine: 'other' }], [], []],
])('compares the results: %s', (_, expected, seen, lines) => {
  expect(differences(expected, seen, new Set(['e']))).toEqual(lines);
});

test('reports a new cell as a difference in each of its checks', () => {
  expect(differences([], [cell('18')], new Set(['e']))).toHaveLength(CHECKS.length);
});

test('removes the parts of a reason that change from run to run', () => {
  expect(stable('It did not answer on port 40123 within 90 s; see /tmp/a/b.log at http://127.0.0.1:40123.')).toBe(
    'It did not answer on its port within N s; see … at the endpoint.',
  );
});
