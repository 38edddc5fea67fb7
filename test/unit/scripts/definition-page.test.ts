import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { definitionPage } from '../../../scripts/definition-page.ts';

const page = readFileSync(new URL('../../../docs/definition.md', import.meta.url), 'utf8');

test('docs/definition.md lists every setting of the schema; otherwise run: npm run schema', () => {
  expect(definitionPage(page)).toBe(page);
});

test('fills in the tables of a page without them', () => {
  const emptied = page.replaceAll(/(<!-- settings: \w+ -->\n)[\s\S]*?(\n<!-- end -->)/g, '$1$2');
  expect(emptied).not.toContain('`startingPosition`');
  expect(definitionPage(emptied)).toBe(page);
});
