import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { loadRunnable } from '../../src/build/load/runnable.ts';
import { apply, destroy, type Runnable } from '../../src/runtime/apply/apply.ts';
import type { FunctionCode } from '../../src/runtime/contents/contents.ts';
import type { MappingInput } from '../../src/runtime/definition/input.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { probeBucket } from '../../src/runtime/resources/mapping/probe.ts';
import { bucketsNamed, objectsIn } from '../support/bucket.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';
import { recorder } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

/** Stores each call as an object: the number of records, and their data in order. */
const KEEPS = `
let calls = 0;
export async function handler({ Records }, { awsRequestId }) {
  const body = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()).join(',');
  const url = [process.env.AWS_ENDPOINT_URL, process.env.BUCKET, awsRequestId + '-' + calls++].join('/');
  if (!(await fetch(url, { method: 'PUT', body })).ok) throw new Error('PUT');
  return { batchItemFailures: [] };
}`;

interface Options {
  source?: string;
  shardCount?: number;
  mapping?: Partial<MappingInput>;
}

/** A pipeline whose mapping has verifyDelivery, from a definition in a folder that is deleted already. */
async function verified(
  prefix: string,
  { source = KEEPS, shardCount = 1, mapping = {} }: Options = {},
): Promise<Runnable> {
  const name = uniqueName(prefix);
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-verified-'));
  const definition = {
    buckets: { [name]: {} },
    streams: { [name]: { shardCount } },
    functions: { [name]: { entry: './handler.mjs', buckets: { BUCKET: name } } },
    eventSourceMappings: [
      { stream: name, function: name, batchSize: 1000, startingPosition: 'LATEST', verifyDelivery: true, ...mapping },
    ],
  };
  await writeFile(join(folder, 'handler.mjs'), source);
  await writeFile(join(folder, `${name}.json`), JSON.stringify(definition));
  const runnable = await loadRunnable(join(folder, `${name}.json`));
  await rm(folder, { recursive: true });
  return runnable;
}

async function applyAll(runnable: Runnable, signal?: AbortSignal, onEvent: (event: Event) => void = () => {}) {
  const events: Event[] = [];
  const result = await apply(runnable, {
    endpoint: endpoint(),
    ...(signal && { signal }),
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
  });
  const requests = events.flatMap((event) => (event.type === 'request' ? event.operation : []));
  return { result, requests, outcomes: Object.values(result.outcomes) };
}

async function put(name: string, ids: string[]) {
  const { put, close } = sender(endpoint(), name);
  for (const id of ids) await put(id);
  close();
}

const handledBy = async (name: string) =>
  [...(await objectsIn(endpoint(), name)).values()].flatMap((body) => body.split(',')).sort();

const probeBuckets = ({ name, pipeline }: Runnable) =>
  bucketsNamed(endpoint(), probeBucket({ stream: name, function: name }, pipeline));

const within = { timeout: 30_000, interval: 200 };
const ids = Array.from({ length: 10 }, (_, n) => `r${n}`).sort();

describe.each(['LATEST', 'TRIM_HORIZON'] as const)('verified delivery, %s', (startingPosition) => {
  test.concurrent.each([1, 4])('%i shards: the function gets every record, and never a probe', async (shardCount) => {
    const runnable = await verified('verified', { shardCount, mapping: { startingPosition } });
    const { result, requests } = await applyAll(runnable);
    expect(result.failures).toEqual({});
    const verification = requests.slice(requests.indexOf('CreateEventSourceMapping') - 1);
    // The response of another shard can arrive while the bucket is emptied, which then happens again.
    expect([...new Set(verification)]).toEqual([
      'CreateBucket',
      'CreateEventSourceMapping',
      'PutRecords',
      'PutBucketTagging',
      'DeleteObjects',
      'DeleteBucket',
    ]);
    await put(runnable.name, ids);
    await vi.waitFor(async () => expect(await handledBy(runnable.name)).toEqual(ids), within);
  });
});

test.concurrent('an existing mapping that gets verifyDelivery is verified once', async () => {
  const runnable = await verified('verified-later');
  const { pipeline } = runnable;
  const before = pipeline.eventSourceMappings.map((mapping) => ({ ...mapping, verifyDelivery: false }));
  await applyAll({ ...runnable, pipeline: { ...pipeline, eventSourceMappings: before } });
  const { result, requests } = await applyAll(runnable);
  expect(result.failures).toEqual({});
  expect([...new Set(requests)]).toEqual([
    'CreateBucket',
    'PutRecords',
    'TagResource',
    'PutBucketTagging',
    'DeleteObjects',
    'DeleteBucket',
  ]);
  expect((await applyAll(runnable)).requests).toEqual([]);
});

test.concurrent('on a stream that holds records: delivers none of them, and all later ones', async () => {
  const runnable = await verified('verified-old');
  await applyAll({ ...runnable, pipeline: { ...runnable.pipeline, eventSourceMappings: [] } });
  await put(runnable.name, ['old1', 'old2']);
  const { result } = await applyAll(runnable);
  expect(result.failures).toEqual({});
  await put(runnable.name, ids);
  await vi.waitFor(async () => expect(await handledBy(runnable.name)).toEqual(ids), within);
});

test.concurrent('leaves nothing behind, and a second run sends no probe', async () => {
  const runnable = await verified('verified-twice');
  expect((await applyAll(runnable)).result.failures).toEqual({});
  const second = await applyAll(runnable);
  expect(second.requests).toEqual([]);
  expect(second.outcomes).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
  expect(await probeBuckets(runnable)).toEqual([]);
});

test.concurrent('an update is verified too', async () => {
  const runnable = await verified('verified-update');
  await applyAll(runnable);
  const [mapping] = runnable.pipeline.eventSourceMappings;
  if (mapping) mapping.batchSize = 500;
  const { result, requests } = await applyAll(runnable);
  expect(result.outcomes[`event source mapping ${runnable.name} → ${runnable.name}`]).toBe('updated');
  // On a busy machine, the response to an earlier probe arrives late, in the new bucket, and is removed first.
  const steps = requests.filter((operation) => operation !== 'DeleteObjects');
  expect(steps.slice(0, 3)).toEqual(['CreateBucket', 'UpdateEventSourceMapping', 'PutRecords']);
  expect(await probeBuckets(runnable)).toEqual([]);
});

test.concurrent('a mapping that someone disabled is enabled again, and verified', async () => {
  const runnable = await verified('verified-stuck');
  await applyAll(runnable);
  // A function handles a shard in order: no answer to an earlier probe is left to come after this record.
  await put(runnable.name, ['last']);
  await vi.waitFor(async () => expect(await handledBy(runnable.name)).toEqual(['last']), within);
  const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  const { EventSourceMappings = [] } = await aws.call('ListEventSourceMappings', { FunctionName: runnable.name });
  await aws.call('UpdateEventSourceMapping', { UUID: EventSourceMappings[0]?.UUID, Enabled: false });
  aws.close();
  const { result, requests } = await applyAll(runnable);
  expect(result.failures).toEqual({});
  expect(requests).toContain('CreateBucket');
});

test.concurrent.each(['CreateEventSourceMapping', 'PutRecords', 'PutBucketTagging', 'DeleteObjects', 'DeleteBucket'])(
  'stopped at %s, the next run finishes the job',
  async (operation) => {
    const runnable = await verified('verified-stop');
    const stop = new AbortController();
    const first = await applyAll(runnable, stop.signal, (event) => {
      if (event.type === 'request' && event.operation === operation) stop.abort();
    });
    expect(first.result.ok).toBe(false);
    expect((await applyAll(runnable)).result.failures).toEqual({});
    expect(await probeBuckets(runnable)).toEqual([]);
    expect((await applyAll(runnable)).requests).toEqual([]);
  },
);

test.concurrent('destroy cleans up an unfinished verification', async () => {
  const runnable = await verified('verified-gone');
  const stop = new AbortController();
  await applyAll(runnable, stop.signal, (event) => {
    if (event.type === 'request' && event.operation === 'PutRecords') stop.abort();
  });
  expect(await probeBuckets(runnable)).toHaveLength(1);
  expect((await destroy(runnable, { endpoint: endpoint(), emptyBuckets: true })).failures).toEqual({});
  expect(await probeBuckets(runnable)).toEqual([]);
});

describe('without a response, the error says how far the probe got', () => {
  const wait = { timeoutMs: 5_000 };
  const failureOf = async (runnable: Runnable) => Object.values((await applyAll(runnable)).result.failures)[0]?.message;

  test.concurrent('a function that cannot be loaded; once it is fixed, a plain run is enough', async () => {
    const source = `${KEEPS}; if (process.env.AWS_LAMBDA_FUNCTION_NAME) throw new Error('not in here');`;
    const runnable = await verified('verified-throws', { source, mapping: { wait } });
    expect(await failureOf(runnable)).toMatch(
      /^Event source mapping .* was not ready in time: sent PutRecords without effect for \d\.\d s \(limit 5 s\); last seen: the probes are in the stream, but \d+ of \d+ invocations of the function failed: check the function's log/,
    );
    const [code] = (await verified('verified-fixed')).codes.values();
    const [mapping] = runnable.pipeline.eventSourceMappings;
    if (mapping) mapping.wait = { timeoutMs: 30_000 };
    const fixed = { ...runnable, codes: new Map([[runnable.name, code as FunctionCode]]) };
    expect(await failureOf(fixed)).toBeUndefined();
    await put(runnable.name, ids);
    await vi.waitFor(async () => expect(await handledBy(runnable.name)).toEqual(ids), within);
    await destroy(runnable, { endpoint: endpoint(), emptyBuckets: true });
  });

  test.concurrent('a function without the code that answers probes', async () => {
    const runnable = await verified('verified-bare', { mapping: { wait } });
    const bare = { ...runnable, codes: new Map([[runnable.name, recorder]]) };
    expect(await failureOf(bare)).toMatch(
      /last seen: the probes are in the stream and the function was invoked \d+ times without an error, but acknowledged none: /,
    );
    await destroy(bare, { endpoint: endpoint(), emptyBuckets: true });
  });

  test.concurrent('a batching window longer than the limit', async () => {
    const runnable = await verified('verified-window', { mapping: { wait, maximumBatchingWindowSeconds: 60 } });
    expect(await failureOf(runnable)).toMatch(
      /last seen: the probes are in the stream, but the function was not invoked: the mapping's poller does not read, or its batching window/,
    );
    await destroy(runnable, { endpoint: endpoint(), emptyBuckets: true });
  });
});
