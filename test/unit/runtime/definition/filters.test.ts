import { expect, test } from 'vitest';
import { patternProblem } from '../../../../src/runtime/definition/filters.ts';

// LocalStack 4.14.0 accepts and rejects the same patterns.
test.each([
  {},
  { data: {} },
  { data: { a: ['x', 1, true, null] } },
  { partitionKey: ['a'] },
  { a: [{ prefix: 'x' }, { suffix: 'x' }, { exists: false }, { wildcard: 'x*' }, { cidr: '10.0.0.0/24' }] },
  { a: [{ prefix: { 'equals-ignore-case': 'x' } }] },
  { a: [{ numeric: ['=', 1] }, { numeric: ['>', 1, '<=', 3] }] },
  { a: [{ 'anything-but': 'x' }, { 'anything-but': ['x'] }, { 'anything-but': { prefix: 'x' } }] },
  { $or: [{ a: [1] }, { b: [2] }] },
  { data: { $or: [{ a: [1] }] } },
])('accepts %j', (pattern) => expect(patternProblem(pattern)).toBeUndefined());

const CONDITIONS = 'prefix, suffix, equals-ignore-case, wildcard, cidr, exists, numeric or anything-but';
test.each<[object, string]>([
  [{ data: { a: 1 } }, 'a pattern whose data.a is a list, such as [1]; it is 1'],
  [{ data: { a: 'x' } }, `a pattern whose data.a is a list, such as ['x']; it is 'x'`],
  [
    { data: { a: [{ constructor: 1 }] } },
    'a pattern whose condition data.a[0] is exactly one of prefix, suffix, equals-ignore-case, wildcard, cidr, exists, numeric or anything-but',
  ],
  [{ data: { a: null } }, 'a pattern whose data.a is a list, such as [null]; it is null'],
  [{ a: [] }, 'a pattern whose a lists at least one value or condition'],
  [{ a: [[1]] }, 'a pattern whose a[0] is a value or a condition, not a list'],
  [{ a: [1, { foo: 1 }] }, `a pattern whose condition a[1] is exactly one of ${CONDITIONS}`],
  [{ a: [{}] }, `a pattern whose condition a[0] is exactly one of ${CONDITIONS}`],
  [{ a: [{ prefix: 'a', suffix: 'b' }] }, `a pattern whose condition a[0] is exactly one of ${CONDITIONS}`],
  [{ a: [{ prefix: 1 }] }, 'a pattern whose a[0].prefix is a string'],
  [{ a: [{ exists: 1 }] }, 'a pattern whose a[0].exists is true or false'],
  ...[['>'], ['>', 'x'], ['!', 1], ['>', 1, '<'], 1].map((numeric): [object, string] => [
    { a: [{ numeric }] },
    "a pattern whose a[0].numeric is one or two comparisons, such as ['>', 0, '<=', 5]",
  ]),
  [{ $or: [] }, 'a pattern whose $or is a list of patterns'],
  [{ $or: { a: [1] } }, 'a pattern whose $or is a list of patterns'],
  [{ $or: [{ a: [1] }, { b: 2 }] }, 'a pattern whose $or[1].b is a list, such as [2]; it is 2'],
])('rejects %j', (pattern, problem) => expect(patternProblem(pattern)).toBe(problem));
