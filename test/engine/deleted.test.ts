import { expect, test, vi } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { type Aws, connect } from '../../src/runtime/engine/connect.ts';
import { endpoint } from '../support/engine.ts';
import { applied, samplePipeline } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

const mappingOf = async (aws: Aws, FunctionName: string) =>
  (await aws.call('ListEventSourceMappings', { FunctionName })).EventSourceMappings?.[0]?.UUID;

/** Changes that someone makes by hand. */
const deletions: Record<string, (aws: Aws, name: string) => Promise<unknown>> = {
  stream: (aws, name) => aws.call('DeleteStream', { StreamName: name }),
  function: (aws, name) => aws.call('DeleteFunction', { FunctionName: name }),
  mapping: async (aws, name) => aws.call('DeleteEventSourceMapping', { UUID: await mappingOf(aws, name) }),
  'stream, function and mapping': async (aws, name) => {
    await aws.call('DeleteEventSourceMapping', { UUID: await mappingOf(aws, name) });
    await aws.call('DeleteFunction', { FunctionName: name });
    await aws.call('DeleteStream', { StreamName: name });
  },
};

test.each(Object.entries(deletions))(
  'after a %s is deleted by hand, one run makes records arrive again',
  async (_, remove) => {
    const { name } = await applied(endpoint(), 'deleted');
    const { put, close } = sender(endpoint(), name);
    const seen = async () => [...(await handled(endpoint(), name))].sort();
    await put('before');
    await vi.waitFor(async () => expect(await seen()).toEqual([['before', 1]]), { timeout: 20_000, interval: 100 });

    const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
    await remove(aws, name);
    aws.close();
    expect((await apply(samplePipeline(name), { endpoint: endpoint() })).failures).toEqual({});

    await put('first');
    await put('second');
    close();
    const all = [
      ['before', 1],
      ['first', 1],
      ['second', 1],
    ];
    await vi.waitFor(async () => expect(await seen()).toEqual(all), { timeout: 20_000, interval: 100 });
    const again = await apply(samplePipeline(name), { endpoint: endpoint() });
    expect(new Set(Object.values(again.outcomes))).toEqual(new Set(['unchanged']));
  },
);
