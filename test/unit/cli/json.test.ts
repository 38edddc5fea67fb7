import { expect, test } from 'vitest';
import { add } from '../../../src/cli/json.ts';

const outcomes = { 'stream s': 'created', 'bucket b': 'created', 'function f': 'unchanged' } as const;
const end = { type: 'end', at: 1, ready: Object.keys(outcomes), failed: [], notAttempted: [], outcomes } as const;
const seen = { source: 's', at: 1 };

test('a summary counts how steps ended, what is left over, and what was shown', () => {
  const events: Parameters<typeof add>[1][] = [
    { type: 'changed', at: 1, paths: ['f.ts'] },
    { ...end, ready: [...end.ready], failed: ['function g'], notAttempted: ['event source mapping s → g'] },
    { ...end, ready: [], failed: [], notAttempted: [], outcomes: { 'stream s': 'unchanged' } },
    {
      type: 'left-over',
      at: 1,
      pipeline: 'p',
      resources: [{ step: 'bucket x', kind: 'bucket', ref: { name: 'x' } }],
      commands: {},
    },
    { ...seen, type: 'log', text: 'a' },
    { ...seen, type: 'record', shard: 's', partitionKey: 'k', sequenceNumber: '1', text: 'a' },
    { ...seen, type: 'record', shard: 's', partitionKey: 'k', sequenceNumber: '2', text: 'b' },
  ];
  expect(events.reduce(add, {})).toEqual({
    created: 2,
    unchanged: 2,
    failed: 1,
    notAttempted: 1,
    leftOver: 1,
    log: 1,
    record: 2,
  });
});
