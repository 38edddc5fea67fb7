import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KinesisClient, PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import {
  DeleteEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type StartOptions, startPipeline, type TestPipeline } from '../../src/features/testing/index.ts';
import { applyPipeline } from '../../src/library.ts';
import type { FunctionInput, PipelineInput } from '../../src/runtime/definition/input.ts';
import { objectsIn } from '../support/bucket.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { folderWith, rejection, sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { type Shape, WORKER, workers } from '../support/worker.ts';

/** Answers at once, but has something left to do: the runtime waits for it. */
const LATER = (end: string) => `
export const handler = (event, context, callback) => {
  setTimeout(async () => {
    for (const { kinesis } of event.Records) {
      const { id } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
      await fetch([process.env.AWS_ENDPOINT_URL, process.env.BUCKET, id].join('/'), { method: 'PUT', body: '' });
    }
  }, 300);
  ${end}
};`;

/** Gives up a batch at the first record that is not its own. */
const PICKY = `
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const { id } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    if (id === undefined) return;
    await fetch([process.env.AWS_ENDPOINT_URL, process.env.BUCKET, id].join('/'), { method: 'PUT', body: '' });
  }
};`;

const folder = sharedFolder({
  'worker.mjs': WORKER,
  'picky.mjs': PICKY,
  'sync.mjs': LATER(''),
  'callback.mjs': LATER('callback(null, { batchItemFailures: [] });'),
  'directory/index.mjs': WORKER,
  'objects/prices.json': '{"price":1}',
  'records.jsonl': '{"id":"seed-1"}\n{"id":"seed-2"}\n',
});

async function started(definition: (name: string) => PipelineInput, options: StartOptions = {}) {
  const name = uniqueName('drain');
  const pipeline = await startPipeline(definition(name), { endpoint: endpoint(), folder, name, ...options });
  return { name, pipeline };
}

const startWorkers = (shape: Shape = {}) => started((name) => workers(name, shape));

const ids = (count: number, prefix = 'n') => Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}` }));

async function keys(pipeline: TestPipeline, bucket: string): Promise<string[]> {
  return (await pipeline.objects(bucket)).map(({ key }) => key).sort();
}

const sorted = (records: { id: string }[]) => records.map(({ id }) => id).sort();

describe.concurrent('drain resolves when every record has been handled', () => {
  test('by each of two functions, on four shards', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ shards: 4, functions: 2 });
    await pipeline.put(name, ids(20), { partitionKey: 'id' });
    await pipeline.drain();
    const expected = [0, 1].flatMap((n) => sorted(ids(20)).map((id) => `${n}-${id}`));
    expect(await keys(pipeline, name)).toEqual(expected.sort());
    await pipeline.stop();
  });

  test('after failing batches have been retried', async ({ expect }) => {
    const { name, pipeline } = await startWorkers();
    await pipeline.put(name, [{ id: 'a' }, { id: 'b', fails: 2 }, { id: 'c' }]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a', 'b', 'c']);
  });

  test('with partial failures, from the first that is left', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({
      mapping: { reportBatchItemFailures: true },
      environment: { REPORTS: 'yes' },
    });
    await pipeline.put(name, [{ id: 'a' }, { id: 'b', fails: 1 }, { id: 'c', fails: 2 }, { id: 'd' }], {
      partitionKey: () => 'one',
    });
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('with a report that the mapping ignores', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ environment: { REPORTS: 'yes' } });
    await pipeline.put(name, [{ id: 'a' }, { id: 'b', always: true }]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a']);
  });

  test('and a batch that is given up takes its fence with it', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { maximumRetryAttempts: 0 } });
    await pipeline.put(name, [{ id: 'a', always: true }, { id: 'b' }]);
    await pipeline.put(name, ids(3));
    await pipeline.drain();
    // Which records share the failing batch is the engine's choice.
    await pipeline.put(name, ids(3, 'm'));
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(expect.arrayContaining(['m0', 'm1', 'm2']));
  });

  test('in batches of one', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { batchSize: 1 } });
    await pipeline.put(name, ids(5));
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(sorted(ids(5)));
  });

  test('after a batching window', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { maximumBatchingWindowSeconds: 1 } });
    await pipeline.put(name, ids(5));
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(sorted(ids(5)));
  });

  test('with settings that this engine ignores', async ({ expect }) => {
    const mapping = { bisectBatchOnFunctionError: true, parallelizationFactor: 4, tumblingWindowSeconds: 5 };
    const { name, pipeline } = await startWorkers({ mapping });
    await pipeline.put(name, [...ids(5), { id: 'x', fails: 1 }]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual([...sorted(ids(5)), 'x']);
  });

  test('with filters, which fences pass and the next apply leaves alone', async ({ expect }) => {
    const shape: Shape = { mapping: { filters: [{ data: { type: ['order'] } }] } };
    const { name, pipeline } = await startWorkers(shape);
    await pipeline.put(name, [
      { id: 'a', type: 'order' },
      { id: 'b', type: 'other' },
    ]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a']);
    const { outcomes } = await applyPipeline(workers(name, shape), { endpoint: endpoint(), folder, name });
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['unchanged']));
  });

  test('of a mapping with filters and verifyDelivery', async ({ expect }) => {
    const mapping = { filters: [{ data: { type: ['order'] } }], verifyDelivery: true };
    const { name, pipeline } = await startWorkers({ mapping });
    await pipeline.put(name, [{ id: 'a', type: 'order' }]);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a']);
  });

  test.each(['sync', 'callback'])('also what a %s handler leaves to do', async (kind) => {
    const { name, pipeline } = await started((name) => {
      const definition = workers(name);
      return { ...definition, functions: { [name]: { entry: `./${kind}.mjs`, buckets: { BUCKET: name } } } };
    });
    for (const batch of ['a', 'b']) {
      await pipeline.put(name, [{ id: batch }]);
      await pipeline.drain();
      expect((await keys(pipeline, name)).at(-1)).toBe(batch);
    }
  });

  test('a handler that returns at the first record that it does not know, such as a fence', async ({ expect }) => {
    const { name, pipeline } = await started((name) => {
      const definition = workers(name, { mapping: { maximumBatchingWindowSeconds: 1 } });
      return { ...definition, functions: { [name]: { entry: './picky.mjs', buckets: { BUCKET: name } } } };
    });
    const drains: Promise<void>[] = [];
    // Within the batching window, so that fences are between records of one batch.
    for (const batch of ['a', 'b', 'c']) {
      await pipeline.put(name, ids(3, batch));
      drains.push(pipeline.drain());
    }
    await Promise.all(drains);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['a', 'b', 'c'].flatMap((batch) => sorted(ids(3, batch))));
    await pipeline.put(name, [{ other: 'record' }]);
    await pipeline.drain();
  });

  test('of a pipeline without mappings, at once', async () => {
    const { name, pipeline } = await started((name) => ({ streams: { [name]: {} } }));
    await pipeline.put(name, ids(1));
    await pipeline.drain();
  });
});

describe.concurrent('at its limit, drain names the hop', () => {
  test('the function fails: its error, its log, and the record that blocks the shard', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { batchSize: 1 } });
    const kinesis = new KinesisClient(pipeline.clientConfig);
    const Records = ['a', 'bad', 'c'].map((id) => ({
      PartitionKey: 'p',
      Data: Buffer.from(JSON.stringify({ id, always: id === 'bad' })),
    }));
    const { Records: placed = [] } = await kinesis.send(new PutRecordsCommand({ StreamName: name, Records }));
    const message = await rejection(pipeline.drain({ timeoutMs: 3_000 }));
    expect(message).toContain(`TimeoutError: The pipeline ${name} was not drained within 3 s: function ${name} fails`);
    expect(message).toContain(`at record ${placed[1]?.SequenceNumber} on shardId-000000000000 of stream ${name}`);
    expect(message).toContain('Error: no good: bad');
    expect(message).toMatch(/its log ends with: .*Invoke Error/);
    expect(message).toMatch(/reset\(\{ discard: true \}\)\. 0 of 1 fences are back\.$/);
    await pipeline.reset({ discard: true });
  });

  test('only reported records are left', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({
      mapping: { reportBatchItemFailures: true },
      environment: { REPORTS: 'yes' },
    });
    await pipeline.put(name, [{ id: 'a' }, { id: 'b', always: true }], { partitionKey: () => 'one' });
    const message = await rejection(pipeline.drain({ timeoutMs: 3_000 }));
    expect(message).toMatch(/function \S+ handled all but record \d+ on shardId-000000000000 of stream/);
    await pipeline.reset({ discard: true });
  });

  test('the function does not finish', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ timeoutSeconds: 1 });
    await pipeline.put(name, [{ id: 'a', delayMs: 60_000 }]);
    expect(await rejection(pipeline.drain({ timeoutMs: 3_000 }))).toMatch(
      /was called, but has not finished the records of 1 shard of stream .* Task timed out after 1\.00 seconds/,
    );
    await pipeline.reset({ discard: true });
    expect(await keys(pipeline, name)).toEqual([]);
  });

  test('the mapping does not read yet', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { maximumBatchingWindowSeconds: 60 } });
    await pipeline.put(name, ids(1));
    expect(await rejection(pipeline.drain({ timeoutMs: 1_000 }))).toMatch(
      /the fences are on 1 shard of stream \S+, but the mapping has not read them for function \S+, whose batching window is 60 s/,
    );
  });

  test('the mapping lacks the filter for fences', async ({ expect }) => {
    const { pipeline } = await startWorkers({ mapping: { filters: [{ data: { type: ['order'] } }] } });
    const UUID = pipeline.outputs.eventSourceMappings[0]?.uuid;
    const FilterCriteria = { Filters: [{ Pattern: '{"data":{"type":["order"]}}' }] };
    const lambda = new LambdaClient(pipeline.clientConfig);
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true, FilterCriteria }));
    expect(await rejection(pipeline.drain({ timeoutMs: 1_000 }))).toContain(
      'lacks the filter that lets fences through',
    );
  });

  test('the mapping is disabled, or deleted', async ({ expect }) => {
    const { pipeline } = await startWorkers();
    const lambda = new LambdaClient(pipeline.clientConfig);
    const UUID = pipeline.outputs.eventSourceMappings[0]?.uuid;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    expect(await rejection(pipeline.drain({ timeoutMs: 1_000 }))).toMatch(/ is Disabl(ed|ing) and does not read/);
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await pipeline.drain();
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await expect.poll(() => rejection(pipeline.drain({ timeoutMs: 1_000 }))).toMatch(/does not exist|is Deleting/);
  });

  test('the function has other code', async ({ expect }) => {
    const { name, pipeline } = await startWorkers();
    const ZipFile = zipSync({ 'index.mjs': strToU8('export const handler = async () => ({});') });
    await new LambdaClient(pipeline.clientConfig).send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
    expect(await rejection(pipeline.drain({ timeoutMs: 2_000 }))).toContain(
      'does not answer as one that ready-hooks built',
    );
  });
});

describe.concurrent('reset', () => {
  test('empties buckets, puts seeds again, and keeps the resources', async ({ expect }) => {
    const { name, pipeline } = await started((name) => {
      const { functions, eventSourceMappings = [] } = workers(name);
      return {
        buckets: { [name]: {}, [`${name}-seeded`]: { seed: { directory: './objects' } } },
        streams: { [name]: { seed: { file: './records.jsonl' } } },
        functions: functions ?? {},
        eventSourceMappings,
      };
    });
    const seeded = `${name}-seeded`;
    const fresh = async () => {
      expect(await keys(pipeline, name)).toEqual(['seed-1', 'seed-2']);
      expect((await pipeline.objects(seeded)).map(({ key, records }) => [key, records])).toEqual([
        ['prices.json', [{ price: 1 }]],
      ]);
    };
    await fresh();
    await pipeline.put(name, ids(3));
    await fetch(`${pipeline.endpoint}/${seeded}/prices.json`, { method: 'PUT', body: '{"price":2}' });
    await fetch(`${pipeline.endpoint}/${seeded}/more.json`, { method: 'PUT', body: '{}' });
    await pipeline.reset();
    await fresh();
    await pipeline.reset({ discard: true });
    await fresh();
    const again = await startPipeline(JSON.parse(JSON.stringify({ ...workers(name) })), {
      endpoint: endpoint(),
      folder,
      name,
    });
    expect(again.outputs.eventSourceMappings).toEqual(pipeline.outputs.eventSourceMappings);
  });

  test('with discard, delivers nothing that was put before', async ({ expect }) => {
    const { name, pipeline } = await startWorkers({ mapping: { batchSize: 1 }, timeoutSeconds: 1 });
    await pipeline.put(name, [{ id: 'old', fails: 3 }, ...ids(5, 'old')], { partitionKey: () => 'one' });
    await pipeline.reset({ discard: true });
    expect(await keys(pipeline, name)).toEqual([]);
    await pipeline.put(name, ids(3, 'new'), { partitionKey: () => 'one' });
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['new0', 'new1', 'new2']);
  });

  test('with discard, also for a function without an entry', async ({ expect }) => {
    const { name, pipeline } = await started((name) => ({
      // Long enough for a busy machine: a batch that the function has received cannot be discarded.
      ...workers(name, { mapping: { maximumBatchingWindowSeconds: 5 } }),
      functions: { [name]: { directory: './directory', buckets: { BUCKET: name } } },
    }));
    await pipeline.put(name, ids(5, 'old'));
    await pipeline.reset({ discard: true });
    await pipeline.put(name, ids(3, 'new'));
    await expect.poll(() => keys(pipeline, name), { timeout: 20_000 }).toHaveLength(3);
    expect(await keys(pipeline, name)).toEqual(['new0', 'new1', 'new2']);
  });
});

describe.concurrent('rejects', () => {
  test.each<[string, Partial<FunctionInput>, object, string]>([
    ['a directory', { directory: './directory' }, {}, 'has a directory instead of an entry'],
    ['verifyStart: false', { entry: './worker.mjs', verifyStart: false }, {}, 'has verifyStart: false'],
    [
      'five filters',
      { entry: './worker.mjs' },
      { filters: [1, 2, 3, 4, 5].map((n) => ({ data: { n: [n] } })) },
      'has 5 filters, which leaves no room',
    ],
  ])('a function with %s', async (_, code, mapping, reason) => {
    const { pipeline } = await started((name) => {
      const definition = workers(name, { mapping });
      return { ...definition, functions: { [name]: { ...code, buckets: { BUCKET: name } } as FunctionInput } };
    });
    for (const promise of [pipeline.drain(), pipeline.reset()]) expect(await rejection(promise)).toContain(reason);
    expect(await rejection(pipeline.reset())).toContain('use discard');
  });

  test('a resharded stream', async () => {
    const { name, pipeline } = await startWorkers();
    const kinesis = new KinesisClient(pipeline.clientConfig);
    await kinesis.send(
      new UpdateShardCountCommand({ StreamName: name, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    );
    await expect
      .poll(() => rejection(pipeline.drain()), { timeout: 10_000 })
      .toContain(`Stream ${name} was resharded, and a fence cannot be put on its 1 closed shard:`);
  });

  test('other streams and buckets, and large records', async () => {
    const { name, pipeline } = await startWorkers();
    expect(await rejection(pipeline.put(`${name}x`, []))).toBe(
      `InvalidInputError: The pipeline ${name} has no stream '${name}x'; did you mean '${name}'?`,
    );
    expect(await rejection(pipeline.objects('other'))).toContain("has no bucket 'other'; its buckets are");
    const records = [{ id: 'small' }, { text: 'x'.repeat(1024 * 1024) }];
    expect(await rejection(pipeline.put(name, records))).toMatch(
      /Record 1 for stream .* has 10\d{5} bytes with its partition key; expected at most 1048576: split it\./,
    );
    expect(await rejection(pipeline.put(name, [{ id: 1 }], { partitionKey: 'key' }))).toContain('Record 0 for stream');
    expect(await rejection(pipeline.put(name, [undefined]))).toContain('is undefined, which JSON cannot hold');
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual([]);
  });

  test('an abort at any moment, and works afterwards', async ({ expect }) => {
    const { name, pipeline } = await startWorkers();
    for (const afterMs of [0, 1, 3, 10, 30, 60]) {
      await pipeline.put(name, ids(5, `${afterMs}-`));
      const aborted = await rejection(pipeline.drain({ signal: AbortSignal.timeout(afterMs) }));
      expect(aborted).toMatch(/^AbortedError: Stopped while waiting until the pipeline|^Error: it was not rejected/);
    }
    expect(await rejection(pipeline.put(name, ids(1), { signal: AbortSignal.abort() }))).toBe(
      `AbortedError: Stopped while sending to stream ${name}.`,
    );
    expect(await rejection(pipeline.reset({ signal: AbortSignal.abort() }))).toMatch(/^AbortedError: /);
    await pipeline.drain();
    expect(await keys(pipeline, name)).toHaveLength(30);
    for (const discard of [false, true])
      for (const afterMs of [1, 3, 10, 30, 60]) {
        await pipeline.put(name, ids(5, `reset${afterMs}-`));
        const aborted = await rejection(pipeline.reset({ discard, signal: AbortSignal.timeout(afterMs) }));
        expect(aborted).toMatch(/^AbortedError: |^Error: it was not rejected/);
      }
    await pipeline.reset();
    await pipeline.put(name, ids(1));
    await pipeline.drain();
    expect(await keys(pipeline, name)).toEqual(['n0']);
  });
});

test('the commands drain and reset', async () => {
  const name = uniqueName('commands');
  const project = folderWith({ 'worker.mjs': WORKER, [`init/${name}.json`]: '' });
  writeFileSync(join(project, `init/${name}.json`), JSON.stringify(workers(name)).replace('./worker', '../worker'));
  const run = (...args: string[]) => cli([...args, '--endpoint', endpoint()], { cwd: project });
  expect(await run('drain')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/does not exist in us-east-1 at/),
  });
  await run('apply');
  writeFileSync(join(project, 'events.jsonl'), '{"id":"a"}\n{"id":"b"}\n');
  await run('send', name, 'events.jsonl');
  const drained = `ready-hooks: ${name} is drained after \\d+\\.\\d\\d s\n`;
  expect(await run('drain')).toEqual({ code: 0, stdout: expect.stringMatching(drained), stderr: '' });
  expect([...(await objectsIn(endpoint(), name)).keys()]).toEqual(['a', 'b']);
  const reset = await run('reset');
  expect(reset).toEqual({ code: 0, stdout: expect.stringMatching(/ is reset after \d+\.\d\d s\n/), stderr: '' });
  expect(await objectsIn(endpoint(), name)).toEqual(new Map());
  writeFileSync(join(project, 'events.jsonl'), '{"id":"bad","always":true}\n');
  await run('send', name, 'events.jsonl');
  const late = await run('drain', '--timeout', '1.5');
  expect(late).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no good: bad') });
  expect(await run('reset', '--discard')).toMatchObject({ code: 0 });
  expect(await run('drain')).toMatchObject({ code: 0 });
});

test('env and clientConfig serve the caller', async () => {
  const { name, pipeline } = await startWorkers();
  expect(pipeline.env).toMatchObject({
    AWS_ENDPOINT_URL: endpoint(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
  });
  expect(Object.values(pipeline.env)).toContain(name);
  await pipeline.stop();
  await pipeline.stop();
});
