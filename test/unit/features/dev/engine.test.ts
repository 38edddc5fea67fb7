import { expect, test } from 'vitest';
import { compare, type EngineNews, type EngineState, isLoss } from '../../../../src/features/dev/engine.ts';

const [ONE, TWO] = [{ session: 'one' }, { session: 'two' }];
const at = (state: Omit<EngineState, 'answers'> = {}): EngineState => ({ answers: true, ...state });
const away: EngineState = { answers: false };
const AWAY: EngineNews = { type: 'engine-away' };
const back = (restarted?: boolean): EngineNews => ({
  type: 'engine-back',
  ...(restarted !== undefined && { restarted }),
});

test.each<[string, EngineState[], (EngineNews | undefined)[]]>([
  ['nothing happens', [at(ONE), at(ONE)], [undefined]],
  ['nothing happens to an engine without a session', [at(), at()], [undefined]],
  ['an absence is reported once', [at(ONE), away, away], [AWAY, undefined]],
  ['the same engine answers again', [at(ONE), away, at(ONE)], [AWAY, back(false)]],
  ['a restarted engine answers', [at(ONE), away, away, at(TWO)], [AWAY, undefined, back(true)]],
  ['the engine restarts between two checks', [at(ONE), at(TWO), at(TWO)], [back(true), undefined]],
  ['an engine without a session answers again', [at(), away, at(), at()], [AWAY, back(), undefined]],
  ['another product starts in its place', [at(ONE), away, at(), at()], [AWAY, back(true), undefined]],
])('%s', (_, [first, ...rest], news) => {
  let known = first as EngineState;
  const reported = rest.map((seen) => {
    const compared = compare(known, seen);
    known = compared.known;
    return compared.news;
  });
  expect(reported).toEqual(news);
});

test.each<[EngineNews, boolean]>([
  [AWAY, false],
  [back(true), true],
  [back(false), false],
  [back(), true],
])('%j: the engine lost its resources: %s', (news, expected) => {
  expect(isLoss(news)).toBe(expected);
});
