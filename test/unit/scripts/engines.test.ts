import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ENGINES } from '../../../scripts/compat/engines.ts';

const TEMPLATES = join(import.meta.dirname, '../../../templates');
const files = readdirSync(TEMPLATES, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
  .map((entry) => relative(TEMPLATES, join(entry.parentPath, entry.name)));

test.each(files)('%s only uses engine versions that the compatibility matrix has run', (file) => {
  const known = ENGINES.map(({ name }) => name.toLowerCase());
  const text = readFileSync(join(TEMPLATES, file), 'utf8');
  const images = text.matchAll(/(localstack|ministack|floci)(?:org)?\/(?:localstack|ministack|floci):([\w.]+)/g);
  for (const [, product, version] of images)
    expect(known.some((name) => name.startsWith(`${product} ${version} `))).toBe(true);
});
