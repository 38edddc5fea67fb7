import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { program } from '../../../../src/cli/program.ts';

const page = readFileSync(new URL('../../../../docs/daily-work.md', import.meta.url), 'utf8');
const used = [...page.matchAll(/(?:^|`)ready-hooks ([a-z]+)([^\n#`]*)/gm)].map(([, name = '', rest = '']) => ({
  name,
  options: rest.match(/--[a-z-]+/g) ?? [],
}));

test('docs/daily-work.md uses each command of daily work', () => {
  expect([...new Set(used.map(({ name }) => name))].sort()).toEqual(['apply', 'destroy', 'dev', 'send', 'tail', 'up']);
});

test.each(used)('$name takes $options', ({ name, options }) => {
  const command = program().commands.find((each) => each.name() === name);
  expect(command?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
});
