import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compatibilityTables } from '../../../scripts/compat-table.ts';

test('docs/compatibility.md tells what the table says', async () => {
  const page = await readFile(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');
  expect(page).toContain(compatibilityTables());
});
