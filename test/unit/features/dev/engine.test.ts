import { expect, test } from 'vitest';
import { compare, type EngineNews, type Look } from '../../../../src/features/dev/engine.ts';

const [ONE, TWO] = [{ session: 'one' }, { session: 'two' }];
const at = (look: Omit<Look, 'answers'> = {}): Look => ({ answers: true, ...look });
const away: Look = { answers: false };
const AWAY: EngineNews = { type: 'engine-away' };
const back = (startedAnew?: boolean): EngineNews => ({
  type: 'engine-back',
  ...(startedAnew !== undefined && { startedAnew }),
});

test.each<[string, Look[], (EngineNews | undefined)[]]>([
  ['nothing happens', [at(ONE), at(ONE)], [undefined]],
  ['nothing happens to one without a session', [at(), at()], [undefined]],
  ['away is told once', [at(ONE), away, away], [AWAY, undefined]],
  ['the same one answers again', [at(ONE), away, at(ONE)], [AWAY, back(false)]],
  ['another one answers', [at(ONE), away, away, at(TWO)], [AWAY, undefined, back(true)]],
  ['another one answers between two looks', [at(ONE), at(TWO), at(TWO)], [back(true), undefined]],
  ['one without a session answers again', [at(), away, at(), at()], [AWAY, back(), undefined]],
  ['another product is started in its place', [at(ONE), away, at(), at()], [AWAY, back(true), undefined]],
])('%s', (_, [first, ...rest], news) => {
  let known = first as Look;
  const told = rest.map((seen) => {
    const compared = compare(known, seen);
    known = compared.known;
    return compared.news;
  });
  expect(told).toEqual(news);
});
