import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { FEWEST, floorByFormula } from '../../../../scripts/bench/floor.ts';
import { page } from '../../../../scripts/bench/page.ts';
import { pictures } from '../../../../scripts/bench/pictures.ts';
import type { Results } from '../../../../scripts/bench/results.ts';
import { spreadOf } from '../../../../scripts/bench/stats.ts';
import { targetsOf } from '../../../../scripts/bench/targets.ts';

const once = (ms: number) => spreadOf([ms]);
const latencies = Object.fromEntries(FEWEST.map((operation) => [operation, 10]));

function results(hook: number, changes: Partial<Results> = {}): Results {
  return {
    date: '2026-01-01',
    machine: { cores: 2, cpu: '', memoryGb: 8, system: '', loadBefore: 0 },
    versions: {},
    one: { floor: once(600), bare: once(100), hook: once(hook), awslocal: once(4_000), boto3: once(1_300) },
    latencies,
    ten: {},
    growth: [],
    cold: { raw: once(1), engine: once(1), hook: once(1), event: once(1) },
    ...changes,
  };
}

describe('the calculated floor', () => {
  test.each([
    [1, 70 + 500],
    [5, 350 + 500],
    [6, 420 + 1_000],
    [100, 7_000 + 10_000],
  ])('%i pipelines: %i ms', (pipelines, ms) => {
    expect(floorByFormula(pipelines, new Map(Object.entries(latencies)))).toBe(ms);
  });
});

describe('targets', () => {
  test('holds the hook to the lower of both floors', () => {
    const seen = (hook: number) => targetsOf(results(hook))[0];
    // 570 (by formula) + 100 + 50
    expect(seen(720)?.met).toBe(true);
    expect(seen(721)?.met).toBe(false);
    expect(seen(721)?.seen).toBe('0.72 s; limit 0.75 s (measured floor), 0.72 s (calculated floor)');
  });

  test('reports a ratio, and the best possible one if even the floor misses the target', () => {
    const awslocal = targetsOf(results(800)).find(({ target }) => target.includes('awslocal'));
    expect(awslocal).toEqual({
      target: 'one pipeline: awslocal takes ≥ 6 × the hook',
      seen: '5.0 × (4.00 s against 0.80 s)',
      met: false,
      limit: 'even floor + start of a bare SDK bundle (0.70 s) would reach only 5.7 ×',
    });
  });

  test('omits targets that were not measured', () => {
    expect(targetsOf(results(800)).map(({ target }) => target)).toHaveLength(5);
  });

  test('holds a cold hook to the first raw requests of its own kind of engine', () => {
    const cold = { raw: once(2_000), engine: once(800), hook: once(1_300), event: once(1) };
    const container = { raw: once(1_000), engine: once(5_000), hook: once(1_301) };
    const found = targetsOf(results(700, { cold, container })).filter(({ target }) => target.startsWith('cold'));
    expect(found.map(({ seen, met }) => [seen, met])).toEqual([
      ['2.10 s', true],
      ['0.65 × (1.30 s against 2.00 s)', true],
      ['1.30 × (1.30 s against 1.00 s)', false],
    ]);
  });

  test('counts a re-run’s requests per resource, and compares its time with the same raw requests', () => {
    const growth = {
      pipelines: 100,
      shards: 1,
      floor: once(20_000),
      hook: once(20_000),
      memory: 201,
      requests: {},
      rerun: once(1_600),
      rerunRequests: { 'GET /_localstack/info': 1, GetBucketTagging: 400, GetFunction: 404 },
      rerunFloor: once(1_000),
    };
    const hundred = targetsOf(results(800, { growth: [growth] })).slice(-4);
    expect(hundred.map(({ seen, met }) => [seen, met])).toEqual([
      ['1.00 × the measured floor, 1.18 × the calculated floor (20.00 s)', false],
      ['201 MB', false],
      ['2.01, plus 2 to detect the engine', false],
      ['1.60 × (1.60 s against 1.00 s)', false],
    ]);
  });
});

describe('spread', () => {
  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('%j has the median %d', (values, median) => {
    expect(spreadOf(values)).toEqual({ median, min: 1, max: Math.max(...values), rounds: values.length });
  });
});

test('docs/performance.md and its pictures match docs/performance.json; otherwise run: npm run bench -- --page', async () => {
  const read = (file: string) => readFile(new URL(`../../../../docs/${file}`, import.meta.url), 'utf8');
  const measured = JSON.parse(await read('performance.json')) as Results;
  for (const [file, text] of Object.entries({ 'performance.md': page(measured), ...pictures(measured) }))
    expect(await read(file)).toBe(text);
});
