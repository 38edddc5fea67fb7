import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { destroyPipeline, pipelineStatus } from '../../src/library.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { readObjects, readRecords } from '../../src/runtime/contents/read-seeds.ts';
import { objectsIn } from '../support/bucket.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { folderWith } from '../support/folder.ts';
import { runHookScript } from '../support/hook-script.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { writeReadyDTemplate } from '../support/ready-d.ts';
import { handled } from '../support/recorder.ts';

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, index) => String(from + index));
const lines = (texts: string[]) => texts.map((text) => `${text}\n`).join('');
const once = (texts: string[]) => new Map(texts.map((text) => [text, 1]));
const patient = { timeout: 20_000, interval: 200 };

/** Looks each record up in the bucket's table, which must exist when the first record arrives. */
const LOOKUP = `
const url = process.env.AWS_ENDPOINT_URL + '/' + process.env.TABLE + '/';
export const handler = async ({ Records }) => {
  const response = await fetch(url + 'table/names.json');
  if (!response.ok) return console.log('no table: HTTP ' + response.status);
  const names = await response.json();
  for (const { kinesis } of Records) {
    const { id } = JSON.parse(Buffer.from(kinesis.data, 'base64'));
    await fetch(url + 'seen/' + id + '-' + kinesis.sequenceNumber, { method: 'PUT', body: names[id] ?? 'nobody' });
  }
};
`;

test('a built hook: the function finds the objects, every record arrives, and nothing is put twice', async () => {
  const name = uniqueName('seeds');
  const definition = {
    buckets: { [name]: { tags: { team: 'hallow' }, seed: { directory: 'seed' } } },
    streams: { [name]: { tags: { team: 'hallow' }, seed: { file: 'records.jsonl', partitionKey: 'id' } } },
    functions: { [name]: { entry: 'lookup.js', buckets: { TABLE: name } } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  };
  const folder = folderWith({
    [`${name}.json`]: JSON.stringify(definition),
    'lookup.js': LOOKUP,
    'seed/table/names.json': JSON.stringify({ 1: 'one', 2: 'two' }),
    'records.jsonl': '{"id":1}\n{"id":2}\n{"id":3}\n',
  });
  const file = join(folder, `${name}.json`);
  const run = async () => {
    await build({ definitions: [file], outDir: join(folder, 'ready.d') });
    return runHookScript(join(folder, 'ready.d', `${name}.sh`), endpoint());
  };
  const seen = async () => [...(await objectsIn(endpoint(), name))].filter(([key]) => key.startsWith('seen/'));
  const answers = async () => (await seen()).map(([key, text]) => `${key.slice(5, 6)} ${text}`);

  expect(await pipelineStatus(file, { endpoint: endpoint() })).toMatchObject({ state: 'waiting' });
  const first = await run();
  expect(first.said).toMatch(new RegExp(`^ready-hooks: ${name} is ready in .*: 6 created$`, 'm'));
  await expect.poll(answers, patient).toEqual(['1 one', '2 two', '3 nobody']);

  // Changes to other settings, even tags, keep the mark.
  const changed = JSON.stringify({ ...definition, buckets: { [name]: { seed: { directory: 'seed' } } } });
  await writeFile(file, changed.replace('"team":"hallow"', '"team":"other"'));
  expect((await run()).said).toMatch(/is ready in .*: 2 updated, 4 unchanged$/m);
  expect((await run()).said).toMatch(/is ready in .*: all 6 resources unchanged$/m);
  expect(await pipelineStatus(file, { endpoint: endpoint() })).toMatchObject({ state: 'ready' });

  await writeFile(join(folder, 'records.jsonl'), '{"id":4}\n');
  expect((await run()).said).toMatch(/is ready in .*: 5 unchanged, 1 updated$/m);
  await expect.poll(answers, patient).toEqual(['1 one', '2 two', '3 nobody', '4 nobody']);
  await destroyPipeline(file, { endpoint: endpoint(), emptyBuckets: true });
});

test('a folder without a build reads its seeds beside pipeline.json', async () => {
  const name = uniqueName('seeds-json');
  const readyD = folderWith();
  await writeReadyDTemplate(readyD);
  await cp(join(readyD, '10-events.sh'), join(readyD, `${name}.sh`));
  await mkdir(join(readyD, name, 'objects/a'), { recursive: true });
  const put = (file: string, text: string) => writeFile(join(readyD, name, file), text);
  const run = () => runHookScript(join(readyD, `${name}.sh`), endpoint());
  const definition = {
    buckets: { [name]: { seed: { directory: 'objects' } } },
    streams: { [name]: { seed: { file: 'records.jsonl' } } },
  };
  await put('pipeline.json', JSON.stringify(definition));
  await put('objects/a/b.txt', 'text');
  await put('records.jsonl', '1\nno JSON\n');
  const rejected = await run();
  expect(rejected.said).toMatch(/Line 2 of .*records\.jsonl is not valid JSON/);
  expect(rejected.code).toBe(1);
  await put('records.jsonl', '1\n2\n');
  expect((await run()).said).toMatch(/: 4 created$/m);
  expect(await objectsIn(endpoint(), name)).toEqual(new Map([['a/b.txt', 'text']]));
  await destroyPipeline(definition, { endpoint: endpoint(), emptyBuckets: true });
});

/** A recorder pipeline whose stream is seeded with numbers, and its bucket with one object. */
async function seeded(prefix: string, count: number) {
  const folder = folderWith({ 'records.jsonl': lines(numbers(count)), 'objects/seed': '' });
  const sample = samplePipeline(uniqueName(prefix), {
    stream: { seed: { file: 'records.jsonl' } },
    function: { timeoutSeconds: 60 },
  });
  return {
    ...sample,
    records: await readRecords(sample.pipeline, folder),
    objects: await readObjects(sample.pipeline, folder),
  };
}

test('1200 records go in batches, and only rejected records are put again', async () => {
  const sample = await seeded('seeds-rejected', 1_200);
  const sizes: number[] = [];
  const proxy = await faultProxy(endpoint(), async ({ operation, incoming, outgoing, pass, forward }) => {
    if (operation !== 'PutRecords') return pass();
    if (sizes.length !== 1) {
      const { status, headers, body } = await forward();
      sizes.push(JSON.parse(body.toString()).Records.length);
      outgoing.writeHead(status, headers).end(body);
      return;
    }
    sizes.push(0);
    // The second is not carried out, as when a shard gets too many writes.
    const rejected = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
    outgoing.writeHead(200, { 'content-type': incoming.headers['content-type'] });
    outgoing.end(JSON.stringify({ FailedRecordCount: 500, Records: Array(500).fill(rejected) }));
  });
  const result = await apply(sample, { endpoint: proxy.endpoint });
  await proxy.close();
  expect(result.failures).toEqual({});
  expect(sizes).toEqual([500, 0, 500, 200]);
  await expect
    .poll(() => handled(endpoint(), sample.name), { timeout: 60_000, interval: 500 })
    .toEqual(once(numbers(1_200)));
}, 90_000);

test('a stream that always rejects a record ends with an error that names the reason', async () => {
  const sample = await seeded('seeds-for-ever', 2);
  let requests = 0;
  const proxy = await faultProxy(endpoint(), async ({ operation, outgoing, pass }) => {
    if (operation !== 'PutRecords') return pass();
    const taken = requests++ === 0 ? [{ SequenceNumber: '1', ShardId: 's' }] : [];
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify({ Records: [...taken, { ErrorCode: 'Slow', ErrorMessage: 'down' }] }));
  });
  const pipeline = { ...sample.pipeline, wait: { timeoutMs: 5_000 } };
  const { failures, outcomes } = await apply({ ...sample, pipeline }, { endpoint: proxy.endpoint });
  await proxy.close();
  expect(outcomes[`event source mapping ${sample.name} → ${sample.name}`]).toBe('created');
  expect(failures[`seed of stream ${sample.name}`]?.message).toMatch(
    /^Seed of stream \S+ was not ready in time: sent PutRecords repeatedly for .*; last seen: 1 of 2 records rejected, Slow: down\. /,
  );
});
