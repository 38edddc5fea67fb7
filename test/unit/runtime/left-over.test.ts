import { expect, test } from 'vitest';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import { type LeftOver, leftOvers, type OnEngine } from '../../../src/runtime/left-over.ts';
import { planPruning, planRemoval } from '../../../src/runtime/plan.ts';
import type { FoundMapping } from '../../../src/runtime/resources/mapping/find.ts';

const pipeline = parsePipeline(
  {
    streams: { s: {} },
    functions: { now: { zip: 'f.zip' } },
    eventSourceMappings: [{ stream: 's', function: 'now', startingPosition: 'LATEST' }],
  },
  'test',
);
const named = (name: string, owner?: string) => ({ ref: { name }, owner });
/** A mapping that the pipeline made, unless `changes` name another owner. */
const mapping = (stream: string, fn: string, changes: Partial<FoundMapping> = {}): FoundMapping => ({
  ref: { stream, function: fn },
  uuid: 'u1',
  isGoing: false,
  isReading: true,
  owner: '10-a',
  isOurs: true,
  ...changes,
});
const byHand = { owner: undefined, isOurs: false, uuid: 'hand' };
/** Made before mappings had a tag with the pipeline, but with another tag of ready-hooks. */
const byEarlierVersion = { owner: undefined, isOurs: true };
const withoutTags = { owner: undefined, isOurs: undefined };
const going = { owner: undefined, isOurs: false, isGoing: true, isReading: false };

const textOf = ({ step, stillReads, usedBy }: LeftOver) =>
  `${step}${stillReads ? ', still reads' : ''}${usedBy === undefined ? '' : `, used by ${usedBy}`}`;

test.each<[string, Partial<OnEngine>, string[]]>([
  ['nothing', {}, []],
  [
    'a renamed function, with its mapping',
    { mapping: [mapping('s', 'old')], function: [named('old', '10-a')] },
    ['event source mapping s → old, still reads', 'function old'],
  ],
  [
    'a removed mapping, whose function is declared',
    { mapping: [mapping('s', 'now')] },
    ['event source mapping s → now, still reads'],
  ],
  ['a mapping of a stream that is not declared', { mapping: [mapping('t', 'now')] }, ['event source mapping t → now']],
  [
    'a Disabled mapping reads nothing',
    { mapping: [mapping('s', 'old', { isReading: false })] },
    ['event source mapping s → old'],
  ],
  ['streams and buckets', { stream: [named('t', '10-a')], bucket: [named('b', '10-a')] }, ['stream t', 'bucket b']],
  [
    'of another pipeline',
    {
      mapping: [mapping('s', 'old', { owner: '20-b' })],
      function: [named('old', '20-b')],
      stream: [named('t', '20-b')],
      bucket: [named('b', '20-b')],
    },
    [],
  ],
  [
    'made by hand',
    { mapping: [mapping('s', 'old', byHand)], function: [named('old')], stream: [named('t')], bucket: [named('b')] },
    [],
  ],
  [
    'made by an earlier version: the mapping has another tag, the function none',
    { mapping: [mapping('s', 'old', byEarlierVersion)], function: [named('old')] },
    [],
  ],
  [
    'the mapping of an earlier version goes with its function',
    { mapping: [mapping('s', 'old', byEarlierVersion)], function: [named('old', '10-a')] },
    ['event source mapping s → old, still reads', 'function old'],
  ],
  [
    'without tags of mappings, a mapping goes with its function',
    { mapping: [mapping('s', 'old', withoutTags)], function: [named('old', '10-a')] },
    ['event source mapping s → old, still reads', 'function old'],
  ],
  [
    'without tags of mappings, a mapping between declared resources is not recognised',
    { mapping: [mapping('s', 'now', withoutTags)] },
    [],
  ],
  [
    'a function that a mapping made by hand uses stays',
    { mapping: [mapping('s', 'old', byHand)], function: [named('old', '10-a')] },
    ['function old, used by event source mapping s → old (hand)'],
  ],
  [
    'a function that a mapping of another pipeline uses stays, and so does its stream',
    {
      mapping: [mapping('t', 'old', { owner: '20-b' })],
      function: [named('old', '10-a')],
      stream: [named('t', '10-a')],
    },
    ['function old, used by event source mapping t → old (u1)', 'stream t, used by event source mapping t → old (u1)'],
  ],
  [
    'one of two mappings of a pair made by hand: the pair stays, and all that it needs',
    { mapping: [mapping('t', 'old'), mapping('t', 'old', byHand)], function: [named('old', '10-a')] },
    [
      'event source mapping t → old, used by event source mapping t → old (hand)',
      'function old, used by event source mapping t → old (hand)',
    ],
  ],
  [
    'two mappings of one pair are one entry',
    { mapping: [mapping('s', 'old', { isReading: false }), mapping('s', 'old', { uuid: 'u2' })] },
    ['event source mapping s → old, still reads'],
  ],
  [
    'a mapping that is being deleted goes with its function, and keeps no other',
    { mapping: [mapping('s', 'old', going), mapping('s', 'gone', going)], function: [named('old', '10-a')] },
    ['event source mapping s → old', 'function old'],
  ],
])('left over: %s', (_, found, expected) => {
  const all = leftOvers({ mapping: [], function: [], stream: [], bucket: [], ...found }, pipeline, '10-a');
  expect(all.map(textOf)).toEqual(expected);
});

const left = leftOvers(
  {
    mapping: [mapping('s', 'old'), mapping('t', 'now')],
    function: [named('old', '10-a')],
    stream: [named('t', '10-a')],
    bucket: [named('b', '10-a')],
  },
  pipeline,
  '10-a',
);
const order = (steps: ReturnType<typeof planRemoval>) =>
  steps.map(({ label, needs }) => `${label} after ${needs.map(({ ref }) => Object.values(ref).join('→'))}`);

test('pruning deletes mappings before their functions and streams, and nothing that is declared', () => {
  expect(order(planPruning(pipeline, left))).toEqual([
    'event source mapping s → old after ',
    'event source mapping t → now after ',
    'function old after s→old',
    'stream t after t→now',
    'bucket b after ',
  ]);
  expect(planPruning(pipeline, left).every(({ declared }) => declared === undefined)).toBe(true);
});

test('destroy deletes what is left over, too, and a declared resource after the mapping that uses it', () => {
  const steps = order(planRemoval(pipeline, left));
  expect(steps).toContain('function now after s→now,t→now');
  expect(steps).toContain('stream s after s→now,s→old');
  expect(steps).toHaveLength(8);
});
