import { expect, test } from 'vitest';
import { withMarks, withoutMarks } from '../../../../src/runtime/resources/mapping/marks.ts';
import { seenSettings } from '../../../../src/runtime/resources/mapping/settings.ts';
import { withArrival } from '../../../../src/runtime/resources/mapping/starting-position.ts';

const filters = (count: number) => Array.from({ length: count }, (_, n) => ({ data: { n: [n] } }));
const MARKS = { kinesis: { partitionKey: ['ready-hooks-probe'] } };

test.each([
  [0, 0],
  [1, 2],
  [4, 5],
  [5, 5],
])('%i declared filters become %i', (declared, sent) => {
  expect(withMarks(filters(declared))).toHaveLength(sent);
  expect(withoutMarks(withMarks(filters(declared)))).toEqual(filters(declared));
});

test.each([[withMarks(filters(2))], [filters(2)], [withArrival(withMarks(filters(2)), '>=', 5)]])(
  'a mapping has the declared filters, with and without the one for marks: %j',
  (patterns) => {
    const Filters = patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) }));
    expect(seenSettings({ FilterCriteria: { Filters } }).settings.filters).toEqual(filters(2));
  },
);

test('the filter is on the partition key', () => {
  expect(withMarks(filters(1)).at(-1)).toEqual(MARKS);
});
