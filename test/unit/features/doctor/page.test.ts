import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { anchor, CATALOG, type FindingCode, finding } from '../../../../src/features/doctor/catalog.ts';

const PAGE = new URL('../../../../docs/troubleshooting.md', import.meta.url);

test('docs/troubleshooting.md has exactly one heading per code, in order', async () => {
  const headings = [...(await readFile(PAGE, 'utf8')).matchAll(/^### (RH\d{3}) (.*)$/gm)].map(([, code, title]) => [
    code,
    title,
  ]);
  expect(headings).toEqual(Object.entries(CATALOG).map(([code, { title }]) => [code, title]));
});

test('a finding links to its heading', () => {
  const code: FindingCode = 'RH105';
  expect(finding(code, 's', 'p', 'e', 'f').page).toBe(
    'docs/troubleshooting.md#rh105-the-functions-role-belongs-to-another-account',
  );
  expect(anchor('RH307', 'ready.d is missing or empty')).toBe('rh307-readyd-is-missing-or-empty');
});
