import { expect, test } from 'vitest';
import { parseSince } from '../../../src/cli/since.ts';

const now = Date.UTC(2026, 10, 23, 14, 54, 19, 572);

test.each([
  ['30s', '2026-11-23T14:53:49.572Z'],
  ['10m', '2026-11-23T14:44:19.572Z'],
  ['2h', '2026-11-23T12:54:19.572Z'],
  ['1d', '2026-11-22T14:54:19.572Z'],
  ['0s', '2026-11-23T14:54:19.572Z'],
  ['9999999999999d', '1970-01-01T00:00:00.000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23T14:54', '2026-11-23T14:54:00.000Z'],
  ['2026-11-23T14:54:19', '2026-11-23T14:54:19.000Z'],
  ['2026-11-23T14:54:19.5Z', '2026-11-23T14:54:19.500Z'],
  ['2026-11-23T14:54:19.572Z', '2026-11-23T14:54:19.572Z'],
  ['2026-11-23T14:54:19+02:00', '2026-11-23T12:54:19.000Z'],
])('%s is %s', (text, time) => {
  expect(new Date(parseSince(text, now)).toISOString()).toBe(time);
});

test.each([
  '',
  '10',
  'm',
  '-10m',
  '1.5h',
  '10 m',
  '10M',
  '1w',
  'yesterday',
  '2026',
  '2026-13-01',
  '14:54',
  '1763909659572',
])('%j is rejected', (text) => {
  expect(() => parseSince(text, now)).toThrow(/^expected a duration such as 30s, .* or a time such as \S+\.$/);
});

test.each(['2026-11-23T14:54:20Z', '2027-01-01'])('%s is rejected because it is in the future', (text) => {
  expect(() => parseSince(text, now)).toThrow('expected a time in the past; it is now 2026-11-23T14:54:19.572Z.');
});
