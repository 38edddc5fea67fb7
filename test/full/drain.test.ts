import { appendFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPipeline, type TestPipeline } from '../../src/features/testing/index.ts';
import { applyPipeline, destroyPipeline } from '../../src/library.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';
import { endpoint } from '../support/engine.ts';
import { rejection, sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { type Shape, WORKER, workers } from '../support/worker.ts';

/** Rounds of each row: `READY_HOOKS_DRAIN_RUNS=50` for 500 in all. */
const RUNS = Number(process.env['READY_HOOKS_DRAIN_RUNS'] ?? 1);
const RESETS = Number(process.env['READY_HOOKS_RESET_RUNS'] ?? 10);

const folder = sharedFolder({ 'worker.mjs': WORKER, 'directory/index.mjs': WORKER });

/** Appends to the file READY_HOOKS_DRAIN_RESULTS, if it is set. */
function record(result: string): void {
  const file = process.env['READY_HOOKS_DRAIN_RESULTS'];
  if (file) appendFileSync(file, `${result}\n`);
}

const at = (name: string) => ({ endpoint: endpoint(), folder, name });

/** The pipeline, removed after the test: its mappings would keep the engine busy. */
async function started(name: string, definition: PipelineInput): Promise<TestPipeline> {
  onTestFinished(async () => void (await destroyPipeline(definition, { ...at(name), emptyBuckets: true })));
  return startPipeline(definition, at(name));
}

const EVERY_RETRY = { mapping: { batchSize: 5 } };
const REPORTS = { mapping: { reportBatchItemFailures: true }, environment: { REPORTS: 'yes' } };

describe('when drain resolves, every record has its objects', () => {
  test.each<[string, Shape, number]>([
    ['1 shard', {}, 0],
    ['4 shards', { shards: 4 }, 0],
    ['16 shards', { shards: 16 }, 0],
    ['1 shard, two functions', { functions: 2 }, 0],
    ['4 shards, two functions', { shards: 4, functions: 2 }, 0],
    ['16 shards, two functions', { shards: 16, functions: 2 }, 0],
    ['batching window of 1 s', { mapping: { maximumBatchingWindowSeconds: 1 } }, 0],
    ['failing batches', EVERY_RETRY, 1],
    ['partial failures', REPORTS, 2],
    ['4 shards, two functions, partial failures', { ...REPORTS, shards: 4, functions: 2 }, 1],
  ])('%s', { timeout: 60_000 + RUNS * 20_000 }, async (title, shape, fails) => {
    const name = uniqueName('drain');
    const pipeline = await started(name, workers(name, shape));
    const { functions = 1 } = shape;
    const recordsOf = (run: string, failing: number) =>
      Array.from({ length: 20 }, (_, n) => ({
        id: `${run}-${n}`,
        delayMs: n % 10 === 0 ? 20 : 0,
        fails: n === failing ? fails : 0,
      }));
    let early = 0;
    const took: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      // At once, so that fences often share a batch with the records.
      await pipeline.put(name, recordsOf(`${run}`, run % 20), { partitionKey: 'id' });
      const startedAt = performance.now();
      await pipeline.drain();
      took.push(performance.now() - startedAt);
      expect(await keys(pipeline, name)).toHaveLength(20 * functions);
      await pipeline.reset();
      // The control: what a test sees that does not wait.
      await pipeline.put(name, recordsOf(`control${run}`, -1), { partitionKey: 'id' });
      if ((await keys(pipeline, name)).length < 20 * functions) early++;
      await pipeline.reset();
    }
    expect(early).toBeGreaterThan(0);
    record(
      `${title}: ${RUNS} runs, 0 early, 0 time-outs, drain ${Math.round(median(took))} ms; without: ${early} early`,
    );
  });
});

async function keys(pipeline: TestPipeline, bucket: string): Promise<string[]> {
  return (await pipeline.objects(bucket)).map(({ text }) => JSON.parse(text).id);
}

test('no record of an earlier test is delivered after reset', { timeout: 120_000 + RESETS * 10_000 }, async () => {
  const name = uniqueName('reset');
  const definition = workers(name, { mapping: { batchSize: 5 }, timeoutSeconds: 1 });
  const pipeline = await started(name, definition);
  const took = { drain: [] as number[], reset: [] as number[], discard: [] as number[], again: [] as number[] };
  const timed = async (list: number[], action: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await action();
    list.push(performance.now() - startedAt);
  };
  for (let run = 0; run < RESETS; run++) {
    const plain = Array.from({ length: 10 }, (_, n) => ({ id: `${run}-${n}` }));
    await pipeline.put(name, plain);
    await timed(took.drain, () => pipeline.drain());
    expect((await keys(pipeline, name)).sort()).toEqual(plain.map(({ id }) => id).sort());
    const kind = run % 5;
    // It would succeed in one of the next tests.
    if (kind === 1) await pipeline.put(name, [{ id: `${run}-late`, fails: 2 + (run % 3) }]);
    if (kind === 1 && run % 2) await rejection(pipeline.drain({ timeoutMs: 400 }));
    if (kind === 3)
      await pipeline.put(
        name,
        Array.from({ length: 30 }, (_, n) => ({ id: `${run}-more${n}`, delayMs: 5 })),
      );
    if (kind === 1 || kind === 3) await timed(took.discard, () => pipeline.reset({ discard: true }));
    else await timed(took.reset, () => pipeline.reset());
    expect(await keys(pipeline, name)).toEqual([]);
  }
  for (let run = 0; run < 5; run++)
    await timed(took.again, async () => {
      await destroyPipeline(definition, { ...at(name), emptyBuckets: true });
      await applyPipeline(definition, at(name));
    });
  const times = Object.entries(took).map(([each, list]) => `${each} ${Math.round(median(list))} ms`);
  record(`${RESETS} tests on one engine, 0 records of an earlier one; medians: ${times.join(', ')}`);
});

test('discards a record that fails forever, from a function with an entry', { timeout: 60_000 }, async () => {
  const name = uniqueName('forever');
  const pipeline = await started(name, workers(name, { timeoutSeconds: 1 }));
  await pipeline.put(name, [{ id: 'old', fails: 5 }]);
  expect(await rejection(pipeline.drain({ timeoutMs: 2_500 }))).toContain('no good: old');
  await pipeline.reset({ discard: true });
  // Its sixth call, which would store it, would be within these seconds.
  const until = Date.now() + 10_000;
  for (let run = 0; Date.now() < until; run++) {
    await pipeline.put(name, [{ id: `new${run}` }]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual([`new${run}`]);
    await pipeline.reset();
  }
});

test('an engine keeps retrying a batch that was failing, for a function that is not wrapped', {
  timeout: 60_000,
}, async () => {
  const name = uniqueName('zombie');
  const definition = workers(name, { timeoutSeconds: 1 });
  const functions = { [name]: { directory: './directory', buckets: { BUCKET: name }, timeoutSeconds: 1 } };
  const pipeline = await started(name, { ...definition, functions });
  await pipeline.put(name, [{ id: 'old', fails: 4 }]);
  await expect.poll(() => logged(pipeline, name), { timeout: 20_000 }).toContain('no good: old');
  await pipeline.reset({ discard: true });
  await expect.poll(() => keys(pipeline, name), { timeout: 20_000, interval: 200 }).toEqual(['old']);
});

async function logged(pipeline: TestPipeline, name: string): Promise<string> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = new CloudWatchLogsClient(pipeline.clientConfig);
  const { events = [] } = await logs
    .send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }))
    .catch(() => ({ events: [] }));
  return events.map(({ message }) => message).join('');
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
