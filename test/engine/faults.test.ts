import { expect, test } from 'vitest';
import { apply, destroy, previewPipeline } from '../../src/apply/pipeline.ts';
import { CELLS } from '../faults/expected.ts';
import { breaking } from '../faults/faults.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';

/** A fixed sample of the table: every fault at a write, and at a read those whose answer says nothing. */
const sample = CELLS.filter(
  ({ operation, fault, once }) =>
    once === 'ready' &&
    (operation === 'CreateStream' || (operation === 'GetEventSourceMapping' && /body$/.test(fault))),
);

test.each(sample.map((cell) => [cell.operation, cell.fault] as const))(
  '%s, once %s: the pipeline gets ready',
  async (operation, fault) => {
    const pipeline = samplePipeline(uniqueName('fault'));
    const proxy = await faultProxy(endpoint(), breaking(operation, fault, false));
    const result = await apply(pipeline, { endpoint: proxy.endpoint, requestTimeoutMs: 3_000 }).finally(proxy.close);
    expect(result.failures).toEqual({});
    const previews = await previewPipeline(pipeline, { endpoint: endpoint() });
    expect(previews.map(({ change }) => change)).toEqual(['none', 'none', 'none', 'none']);
    await destroy(pipeline, { endpoint: endpoint() });
  },
);
