import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(REPO, file), 'utf8');
const FORMS = '.github/ISSUE_TEMPLATE';

test('the README links to the license and the security policy, and stays within 130 lines', () => {
  const readme = read('README.md');
  for (const file of ['LICENSE', 'SECURITY.md', 'CONTRIBUTING.md']) {
    expect(readme).toContain(`(${file})`);
    expect(read(file)).not.toBe('');
  }
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(130);
});

test.each(readdirSync(join(REPO, FORMS)).filter((file) => file !== 'config.yml'))(
  'the issue form %s is complete',
  (file) => {
    const { name, description, body } = parse(read(`${FORMS}/${file}`));
    expect([name, description]).toEqual([expect.any(String), expect.any(String)]);
    for (const field of body)
      expect(field).toMatchObject({
        type: /^(textarea|input)$/.test(field.type) && field.type,
        id: expect.any(String),
        attributes: { label: expect.any(String) },
      });
  },
);
