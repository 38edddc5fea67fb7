import { expect, test } from 'vitest';
import { growingPause, pauseWithin } from '../../../../src/runtime/apply/polling.ts';

/** When the looks are, milliseconds since the state was first seen. */
function looks(howMany: number, pause: (elapsed: number, look: number) => number): number[] {
  const at = [0];
  for (let look = 0; look < howMany; look++) at.push(Math.round((at.at(-1) ?? 0) + pause(at.at(-1) ?? 0, look)));
  return at;
}

test('what may take any time is looked at ever less often, down to four times a second', () => {
  expect(looks(6, (_, look) => growingPause(look))).toEqual([0, 50, 125, 238, 407, 657, 907]);
});

test('what usually lasts 500 ms is looked at early, just when it should be over, and soon after', () => {
  expect(looks(9, (elapsed) => pauseWithin(500, elapsed))).toEqual([0, 100, 500, 520, 540, 580, 660, 820, 1070, 1320]);
});

test('what usually lasts for less than the early look is looked at when it should be over', () => {
  expect(looks(2, (elapsed) => pauseWithin(60, elapsed))).toEqual([0, 60, 80]);
});
