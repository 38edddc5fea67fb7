import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../../src/runtime/definition/check.ts';

test.each<[text: string, message: string]>([
  ['', 'a.json:1:1 is not valid JSON: found the end of the file, but expected a value'],
  [' \n ', 'a.json:2:2 is not valid JSON: found the end of the file, but expected a value'],
  ['{\n  "a": 1,\n}', "a.json:3:1 is not valid JSON: found '}', but expected a key in double quotes"],
  ['{\n  "a": 1\n  "b": 2\n}', "a.json:3:3 is not valid JSON: found '\"', but expected ',' or '}'"],
  ["{ 'a': 1 }", "a.json:1:3 is not valid JSON: found ''', but expected a key in double quotes"],
  ['{ a: 1 }', "a.json:1:3 is not valid JSON: found 'a', but expected a key in double quotes"],
  ['{"a" 1}', "a.json:1:6 is not valid JSON: found '1', but expected ':'"],
  ['{"a": [1, 2,]}', "a.json:1:13 is not valid JSON: found ']', but expected a value"],
  ['{"a": [1, 2}', "a.json:1:12 is not valid JSON: found '}', but expected ',' or ']'"],
  ['{"a": nul}', "a.json:1:7 is not valid JSON: found 'n', but expected a value"],
  ['{"a": 01}', "a.json:1:7 is not valid JSON: found '0', but expected a value"],
  ['{"a": "b\n"}', "a.json:1:7 is not valid JSON: found '\"', but expected a value"],
  ['{"a": 1', "a.json:1:8 is not valid JSON: found the end of the file, but expected ',' or '}'"],
  ['{} // x', "a.json:1:4 is not valid JSON: found '/', but expected the end of the file"],
  [
    '{"a": {"b": 1},\n "c": 1,\n "a": 2}',
    'a.json:3:2 repeats the key "a" in one object, where only the last would count: merge the two, or rename one',
  ],
  [
    '[{"a": 1, "\\u0061": 2}]',
    'a.json:1:11 repeats the key "a" in one object, where only the last would count: merge the two, or rename one',
  ],
  ['{"a": 😀}', "a.json:1:7 is not valid JSON: found '😀', but expected a value"],
])('reports the position of the mistake in %j', (text, message) => {
  expect(() => parseJson(text, 'a.json')).toThrow(expect.objectContaining({ name: 'InvalidInputError', message }));
});

test('accepts the same key in another object', () =>
  expect(parseJson('[{"a":{"a":1}},{"a":2}]', 'a.json')).toEqual([{ a: { a: 1 } }, { a: 2 }]));

test('accepts a byte order mark', () => expect(parseJson('\uFEFF{"a":1}', 'a.json')).toEqual({ a: 1 }));

test('agrees with JSON.parse on valid JSON', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '\\', '0', '-', '.', 'e', '\n', '{', ':'))
    .map(([json, at, char]) => json.slice(0, at % (json.length + 1)) + char + json.slice((at % (json.length + 1)) + 1));
  fc.assert(
    fc.property(damaged, (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      try {
        const value = parseJson(text, 'a.json');
        expect(isJson).toBe(true);
        expect(value).toEqual(JSON.parse(text));
      } catch (error) {
        // JSON.parse accepts repeated keys, and in invalid JSON either mistake may come first.
        fc.pre(!/ repeats the key /.test(String(error)));
        if (isJson) throw error;
        // Expecting the end at the end would mean that the scanner missed the mistake.
        expect(String(error)).toMatch(
          / a\.json:\d+:\d+ is not valid JSON: found (?!the end of the file, but expected the end)/,
        );
      }
    }),
    { numRuns: 2000 },
  );
});
