import { expect, test, vi } from 'vitest';
import { readOutputs } from '../../src/features/outputs/outputs.ts';
import { statusOf } from '../../src/features/status/status.ts';
import { apply, destroy } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';
import { handled, recorder } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

/** A function with this name that reads the stream and stores its records in a bucket with the same name. */
function reader(stream: string, name: string) {
  const pipeline = parsePipeline(
    {
      buckets: { [name]: {} },
      streams: { [stream]: { shardCount: 1 } },
      functions: { [name]: { zip: 'recorder.zip', buckets: { BUCKET: name } } },
      eventSourceMappings: [{ stream, function: name, startingPosition: 'LATEST' }],
    },
    name,
  );
  return { name, pipeline, codes: new Map([[name, recorder]]) };
}

// LocalStack lists the mapping of `writer-v2` in a request for that of `writer`.
test.each([
  ['the longer first', (short: string, long: string) => [long, short]],
  ['the shorter first', (short: string, long: string) => [short, long]],
])('two functions of one stream, one name being part of the other: %s', async (_, inOrder) => {
  const stream = uniqueName('alike');
  const [first = '', second = ''] = inOrder(stream, `${stream}-v2`);
  const options = { endpoint: endpoint() };
  const [one, other] = [reader(stream, first), reader(stream, second)];
  for (const each of [one, other]) {
    const { outcomes } = await apply(each, options);
    expect(outcomes[`event source mapping ${stream} → ${each.name}`]).toBe('created');
  }
  await putTogether(endpoint(), stream, ['both']);
  for (const { name } of [one, other])
    await vi.waitFor(async () => expect([...(await handled(endpoint(), name))]).toEqual([['both', 1]]), {
      timeout: 20_000,
      interval: 100,
    });
  for (const each of [one, other]) {
    expect(new Set(Object.values((await apply(each, options)).outcomes))).toEqual(new Set(['unchanged']));
    expect((await statusOf([each], options)).pipelines[0]?.resources.map(({ state }) => state)).toEqual(
      Array(4).fill('ready'),
    );
  }
  const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  const uuids = await Promise.all(
    [one, other].map(async ({ pipeline }) => (await readOutputs(pipeline, aws)).eventSourceMappings[0]?.uuid),
  );
  expect(new Set(uuids).size).toBe(2);

  const { streams: _kept, ...rest } = other.pipeline;
  const without = { ...other, pipeline: { ...rest, streams: { [stream]: { existing: true as const } } } };
  expect((await destroy(without, { ...options, emptyBuckets: true })).failures).toEqual({});
  const { EventSourceMappings = [] } = await aws.call('ListEventSourceMappings', {
    EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
  });
  aws.close();
  expect(EventSourceMappings.map(({ UUID }) => UUID)).toEqual([uuids[0]]);
});
