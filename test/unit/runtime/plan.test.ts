import { expect, test } from 'vitest';
import type { Pipeline } from '../../../src/runtime/definition/pipeline.ts';
import { labelOf, planRemoval, planSteps } from '../../../src/runtime/plan.ts';
import { declaredFunction, declaredMapping } from '../../support/declared.ts';

const fn = declaredFunction({ zip: 'f.zip', buckets: { BUCKET: 'b' } });
const pipeline: Pipeline = {
  region: 'us-east-1',
  account: '000000000000',
  wait: { timeoutMs: 5_000, settleMs: 100 },
  buckets: { b: { objectLockEnabled: false, tags: {} }, failures: { existing: true } },
  streams: {
    s: { streamMode: 'PROVISIONED', shardCount: 1, retentionPeriodHours: 24, tags: {}, wait: { timeoutMs: 9_000 } },
  },
  functions: { f: fn },
  eventSourceMappings: [declaredMapping({ onFailure: { bucket: 'failures' } })],
};
const order = (steps: ReturnType<typeof planSteps>) =>
  steps.map(({ label, needs }) => `${label} ← ${needs.map(labelOf).join(', ')}`);

test('each step lists the steps it needs', () => {
  expect(order(planSteps(pipeline))).toEqual([
    'bucket b ← ',
    'bucket failures ← ',
    'stream s ← ',
    'function f ← bucket b',
    'event source mapping s → f ← stream s, function f, bucket failures',
  ]);
});

test('a bucket’s seed comes before records reach its function, a stream’s when all its mappings are ready', () => {
  const [mapping] = pipeline.eventSourceMappings as [Pipeline['eventSourceMappings'][number]];
  const { b, failures } = pipeline.buckets;
  const seeded: Pipeline = {
    ...pipeline,
    buckets: { b: { ...b, seed: { directory: 'objects' } }, failures } as Pipeline['buckets'],
    streams: { s: { ...pipeline.streams['s'], seed: { file: 'records.jsonl' } } } as Pipeline['streams'],
    functions: { f: fn, g: { ...fn, buckets: {} } },
    eventSourceMappings: [mapping, { ...mapping, function: 'g' }],
  };
  expect(order(planSteps(seeded))).toEqual([
    'bucket b ← ',
    'bucket failures ← ',
    'seed of bucket b ← bucket b',
    'stream s ← ',
    'function f ← bucket b',
    'function g ← ',
    'event source mapping s → f ← stream s, function f, bucket failures, seed of bucket b',
    'event source mapping s → g ← stream s, function g, bucket failures',
    'seed of stream s ← stream s, event source mapping s → f, event source mapping s → g',
  ]);
  expect(planRemoval(seeded).map(({ kind }) => kind)).not.toContain('streamSeed');
  expect(order(planRemoval(seeded))).toContain('bucket b ← function f');
});

test('removal reverses the order and leaves existing resources alone', () => {
  expect(order(planRemoval(pipeline))).toEqual([
    'event source mapping s → f ← ',
    'function f ← event source mapping s → f',
    'stream s ← event source mapping s → f',
    'bucket b ← function f',
  ]);
  expect(planRemoval(pipeline).every(({ declared }) => declared === undefined)).toBe(true);
});

test('waits: the resource’s own setting, else the pipeline’s, else the kind’s', () => {
  const waits = Object.fromEntries(planSteps(pipeline).map(({ label, wait }) => [label, wait]));
  expect(waits['stream s']).toEqual({ timeoutMs: 9_000, settleMs: 100 });
  expect(waits['bucket b']).toEqual({ timeoutMs: 5_000, settleMs: 100 });
  const { wait: _, ...unset } = pipeline;
  expect(planSteps(unset).map(({ wait }) => wait.timeoutMs)).toEqual([10_000, 10_000, 9_000, 300_000, 30_000]);
});
