import { expect, test } from 'vitest';
import { printable } from '../../../src/runtime/printable.ts';

test.each([
  ['a name that clears the screen', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['a name that overwrites its line', 'failed\rready', 'failed\\u000dready'],
  ['a name that reads backwards', 'hook\u202egpj.sh', 'hook\\u202egpj.sh'],
  ['null, delete and the controls of Latin-1', '\0\x7f\x9b', '\\u0000\\u007f\\u009b'],
  ['colours', '\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
  ['tabs, line breaks and other languages', 'a\tb\nü → 日本 🙂', 'a\tb\nü → 日本 🙂'],
])('%s', (_, text, shown) => expect(printable(text)).toBe(shown));

test('JSON stays the same data', () => {
  const value = { name: 'a\u202e\u009b\u001b' };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});
