import { describe, expect, test, vi } from 'vitest';
import { freePort } from '../../src/local/machine/port.ts';
import { apply, destroy, previewPipeline } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { endpoint } from '../support/engine.ts';
import { applied, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

const outcomes = (result: { outcomes: Record<string, string> }) => [...new Set(Object.values(result.outcomes))];

/** Applies again with changes; returns the outcome of each kind of resource, and the output. */
async function again(name: string, changes: Parameters<typeof samplePipeline>[1]) {
  const events: Event[] = [];
  const result = await apply(samplePipeline(name, changes), {
    endpoint: endpoint(),
    onEvent: (event) => events.push(event),
  });
  return {
    result,
    requests: events.flatMap((event) => (event.type === 'request' ? [`${event.operation} (${event.why})`] : [])),
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
  };
}

async function deliveredOnce(name: string, ids: string[]) {
  await vi.waitFor(async () => expect([...(await handled(endpoint(), name)).keys()].sort()).toEqual([...ids].sort()), {
    timeout: 30_000,
    interval: 100,
  });
  expect([...(await handled(endpoint(), name)).values()]).toEqual(ids.map(() => 1));
}

test('creates a pipeline, and a second run changes nothing', async () => {
  const { name, result } = await applied(endpoint(), 'twice');
  expect(outcomes(result)).toEqual(['created']);
  const second = await again(name, {});
  expect(outcomes(second.result)).toEqual(['unchanged']);
  expect(second.requests).toEqual([]);
});

test('settings that AWS can update are updated in place, once', async () => {
  const { name } = await applied(endpoint(), 'update');
  const changes = {
    stream: { retentionPeriodHours: 48, tags: { team: 'hallow' } },
    function: { memorySize: 256, environment: { MODE: 'test' }, description: 'changed', tags: { team: 'hallow' } },
    mapping: { batchSize: 5, maximumRetryAttempts: 2, reportBatchItemFailures: true },
  };
  const { result, requests } = await again(name, changes);
  expect(result.ok).toBe(true);
  expect(requests.map((request) => request.split(' ')[0]).sort()).toEqual([
    'AddTagsToStream',
    'IncreaseStreamRetentionPeriod',
    'TagResource',
    'UpdateEventSourceMapping',
    'UpdateFunctionConfiguration',
  ]);
  const third = await again(name, changes);
  expect(third.requests).toEqual([]);
  expect(outcomes(third.result)).toEqual(['unchanged']);
});

test('a bucket’s settings are read back, updated, or reported to need a new bucket', async () => {
  const name = uniqueName('bucket');
  const settings = async (bucket: object) => {
    const pipeline = parsePipeline({ buckets: { [name]: bucket } }, name);
    const result = await apply({ name, pipeline, codes: new Map() }, { endpoint: endpoint() });
    return result.outcomes[`bucket ${name}`] ?? result.failures[`bucket ${name}`]?.message;
  };
  expect(await settings({ objectOwnership: 'ObjectWriter', acl: 'public-read' })).toBe('created');
  expect(await settings({ objectOwnership: 'ObjectWriter', acl: 'public-read' })).toBe('unchanged');
  expect(await settings({ objectOwnership: 'BucketOwnerPreferred', acl: 'private', tags: { a: 'b' } })).toBe('updated');
  expect(await settings({ objectOwnership: 'BucketOwnerPreferred', acl: 'private', tags: { a: 'b' } })).toBe(
    'unchanged',
  );
  expect(await settings({ objectLockEnabled: true })).toMatch(/has no object lock/);
});

test('an update that makes the poller read again is announced first', async () => {
  const { name } = await applied(endpoint(), 'replay');
  const { put, close } = sender(endpoint(), name);
  await put('one');
  await deliveredOnce(name, ['one']);
  close();
  const { warnings } = await again(name, { mapping: { batchSize: 7 } });
  expect(warnings).toEqual([expect.stringMatching(/the records still in the stream are delivered again$/)]);
});

test('a stream with a mapping is not resharded, and the error gives the reason', async () => {
  const { name } = await applied(endpoint(), 'reshard');
  const { result, requests } = await again(name, { stream: { shardCount: 2 } });
  expect(result.ok).toBe(false);
  expect(result.failures[`stream ${name}`]?.message).toMatch(/has 1 shard, but the definition says 2/);
  expect(requests).toEqual([]);
});

describe('LATEST loses no record that is put after apply has returned', () => {
  test('on a new stream', async () => {
    const { name } = await applied(endpoint(), 'latest-new');
    const { put, close } = sender(endpoint(), name);
    const ids = Array.from({ length: 20 }, (_, n) => `r${n}`);
    for (const id of ids) await put(id);
    close();
    await deliveredOnce(name, ids);
  });

  test('on a stream that holds records, which it does not deliver', async () => {
    const name = uniqueName('latest-old');
    const sample = samplePipeline(name);
    const withoutMapping = { ...sample, pipeline: { ...sample.pipeline, eventSourceMappings: [] } };
    await apply(withoutMapping, { endpoint: endpoint() });
    const { put, close } = sender(endpoint(), name);
    for (let n = 0; n < 20; n++) await put(`old${n}`);
    await apply(sample, { endpoint: endpoint() });
    const ids = Array.from({ length: 20 }, (_, n) => `new${n}`);
    for (const id of ids) await put(id);
    close();
    await deliveredOnce(name, ids);
    expect(outcomes((await again(name, {})).result)).toEqual(['unchanged']);
  });
});

test('destroy deletes its resources; a bucket with objects only with --empty-buckets', async () => {
  const { name, pipeline } = await applied(endpoint(), 'destroy');
  const { put, close } = sender(endpoint(), name);
  await put('kept');
  await deliveredOnce(name, ['kept']);
  close();
  await expect(destroy({ name, pipeline }, { endpoint: endpoint() })).rejects.toThrow(
    `Bucket ${name} is not empty, so nothing was deleted`,
  );
  expect(outcomes(await apply(samplePipeline(name), { endpoint: endpoint() }))).toEqual(['unchanged']);
  const removed = await destroy({ name, pipeline }, { endpoint: endpoint(), emptyBuckets: true });
  expect(outcomes(removed)).toEqual(['deleted']);
  expect(outcomes(await destroy({ name, pipeline }, { endpoint: endpoint() }))).toEqual(['absent']);
});

test('plan shows the changes that apply would make', async () => {
  const sample = samplePipeline(uniqueName('preview'));
  const changes = async () => (await previewPipeline(sample, { endpoint: endpoint() })).map(({ change }) => change);
  expect(await changes()).toEqual(['create', 'create', 'create', 'create']);
  await apply(sample, { endpoint: endpoint() });
  expect(await changes()).toEqual(['none', 'none', 'none', 'none']);
});

test('plan shows each request of an update that apply sends', async () => {
  const { name } = await applied(endpoint(), 'preview-update');
  const changes = {
    stream: { retentionPeriodHours: 48, tags: { team: 'orders' } },
    function: { description: 'another', architecture: 'arm64', tags: { team: 'orders' } },
    mapping: { batchSize: 10 },
  };
  const previews = await previewPipeline(samplePipeline(name, changes), { endpoint: endpoint() });
  const planned = previews.flatMap(({ detail }) => detail?.split(', then ') ?? []);
  const { requests } = await again(name, changes);
  expect(planned).toHaveLength(6);
  expect(planned.sort()).toEqual(requests.sort());
});

test('destroy keeps an existing bucket, whatever it holds', async () => {
  const { name, pipeline } = await applied(endpoint(), 'destroy-existing');
  const { put, close } = sender(endpoint(), name);
  await put('kept');
  await deliveredOnce(name, ['kept']);
  close();
  const ofOthers = { name, pipeline: { ...pipeline, buckets: { [name]: { existing: true as const } } } };
  expect(outcomes(await destroy(ofOthers, { endpoint: endpoint() }))).toEqual(['deleted']);
  expect([...(await handled(endpoint(), name))]).toEqual([['kept', 1]]);
});

test('waits for an existing stream, and does not change it', async () => {
  const name = uniqueName('existing');
  const sample = samplePipeline(name);
  const existing = { ...sample, pipeline: { ...sample.pipeline, streams: { [name]: { existing: true as const } } } };
  const pending = apply(existing, { endpoint: endpoint() });
  const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  await aws.call('CreateStream', { StreamName: name, ShardCount: 3 });
  aws.close();
  const result = await pending;
  expect(result.outcomes[`stream ${name}`]).toBe('existing');
  expect(result.ok).toBe(true);
});

test('an existing stream that never appears ends with an error', async () => {
  const name = uniqueName('missing');
  const sample = samplePipeline(name);
  const streams = { [name]: { existing: true as const, wait: { timeoutMs: 500 } } };
  const result = await apply({ ...sample, pipeline: { ...sample.pipeline, streams } }, { endpoint: endpoint() });
  expect(result.failures[`stream ${name}`]?.message).toMatch(
    /waited for it to be created for \d+\.\d s \(limit 0\.5 s\); last seen: no such stream in us-east-1. It is declared as existing, so something else must create it: create it first/,
  );
  expect(result.notAttempted).toEqual([`event source mapping ${name} → ${name}`]);
});

test('a runtime that this LocalStack does not know is rejected before anything is created', async () => {
  const sample = samplePipeline(uniqueName('runtime'), { function: { runtime: 'java25' } });
  const withOther = JSON.parse(JSON.stringify(sample.pipeline).replace('java25', 'nodejs99.x'));
  await expect(apply({ ...sample, pipeline: withOther }, { endpoint: endpoint() })).rejects.toThrow(
    /has the runtime nodejs99\.x, which this engine does not support; it supports nodejs/,
  );
  expect((await previewPipeline(sample, { endpoint: endpoint() })).map(({ change }) => change)).not.toContain('none');
});

test('AT_TIMESTAMP is rejected on an engine that never delivers it', async () => {
  const sample = samplePipeline(uniqueName('timestamp'), {
    mapping: { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2026-01-01T00:00:00Z' },
  });
  await expect(apply(sample, { endpoint: endpoint() })).rejects.toThrow(/accepts, but then delivers nothing/);
});

test('pipelines in different regions and accounts are separate', async () => {
  const sample = samplePipeline(uniqueName('region'));
  const elsewhere = { ...sample, pipeline: { ...sample.pipeline, region: 'eu-west-1', account: '111111111111' } };
  const result = await apply(elsewhere, { endpoint: endpoint() });
  expect(result.failures).toEqual({});
  const { put, close } = sender(endpoint(), sample.name);
  await expect(put('x')).rejects.toThrow(/not found/);
  close();
  await destroy(elsewhere, { endpoint: endpoint(), emptyBuckets: true });
});

test('no engine answers', async () => {
  const port = await freePort();
  await expect(apply(samplePipeline('nobody'), { endpoint: `http://127.0.0.1:${port}` })).rejects.toThrow(
    `Nothing answers at http://127.0.0.1:${port} (ECONNREFUSED): is LocalStack running?`,
  );
});
