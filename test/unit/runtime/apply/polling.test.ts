import { expect, test } from 'vitest';
import { growingPause, pauseWithin } from '../../../../src/runtime/apply/polling.ts';

/** The times of the checks, milliseconds since the state was first seen. */
function checks(howMany: number, pause: (elapsed: number, check: number) => number): number[] {
  const at = [0];
  for (let check = 0; check < howMany; check++) at.push(Math.round((at.at(-1) ?? 0) + pause(at.at(-1) ?? 0, check)));
  return at;
}

test('a state of unknown duration is checked less and less often, down to four times a second', () => {
  expect(checks(6, (_, check) => growingPause(check))).toEqual([0, 50, 125, 238, 407, 657, 907]);
});

test('a state that usually lasts 500 ms is checked early, when it should be over, and soon after', () => {
  expect(checks(9, (elapsed) => pauseWithin(500, elapsed))).toEqual([0, 100, 500, 520, 540, 580, 660, 820, 1070, 1320]);
});

test('a state shorter than the early check is checked when it should be over', () => {
  expect(checks(2, (elapsed) => pauseWithin(60, elapsed))).toEqual([0, 60, 80]);
});
