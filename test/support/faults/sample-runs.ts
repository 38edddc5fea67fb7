import { strToU8, zipSync } from 'fflate';
import { apply, destroy, type Runnable, type RunOptions } from '../../../src/runtime/apply/apply.ts';
import type { Result } from '../../../src/runtime/apply/run.ts';
import { codeOf } from '../../../src/runtime/contents/function-code.ts';
import { samplePipeline } from '../pipelines.ts';
import type { RunKind } from './expected.ts';

/** A run to inject a fault into, its preparation, and the change that a preview shows for each resource afterwards. */
export interface SampleRun {
  sample: Runnable;
  prepare(endpoint: string): Promise<void>;
  run(options: RunOptions): Promise<Result>;
  done: 'none' | 'create';
}

/** Runs with one bucket, stream, function and mapping. Together they send every request that writes to these. */
export const sampleRun: Record<RunKind, (name: string, timeoutMs: number) => SampleRun> = {
  create(name, timeoutMs) {
    const sample = within(timeoutMs, samplePipeline(name));
    return { sample, prepare: async () => {}, run: (options) => apply(sample, options), done: 'none' };
  },
  adopt(name, timeoutMs) {
    const sample = within(timeoutMs, samplePipeline(name));
    const { pipeline } = sample;
    const stream = { ...sample, pipeline: { ...pipeline, buckets: {}, functions: {}, eventSourceMappings: [] } };
    const prepare = (endpoint: string) => applied(stream, endpoint);
    return { sample, prepare, run: (options) => apply(sample, options), done: 'none' };
  },
  update(name, timeoutMs) {
    const sample = within(timeoutMs, changed(name));
    return {
      sample,
      prepare: (endpoint) => up(name, endpoint),
      run: (options) => apply(sample, options),
      done: 'none',
    };
  },
  seed(name, timeoutMs) {
    const sample = within(timeoutMs, seeded(name));
    const prepare = (endpoint: string) => up(name, endpoint);
    return { sample, prepare, run: (options) => apply(sample, options), done: 'none' };
  },
  destroy(name, timeoutMs) {
    const sample = within(timeoutMs, samplePipeline(name));
    const prepare = async (endpoint: string) => {
      await up(name, endpoint);
      await fetch(`${endpoint}/${name}/object`, { method: 'PUT', body: 'left in the bucket' });
    };
    return { sample, prepare, run: (options) => destroy(sample, { ...options, emptyBuckets: true }), done: 'create' };
  },
};

const up = (name: string, endpoint: string) => applied(samplePipeline(name), endpoint);

async function applied(runnable: Runnable, endpoint: string): Promise<void> {
  const { failures } = await apply(runnable, { endpoint });
  for (const error of Object.values(failures)) throw error;
}

/** The sample with one change for each request that an update can send. */
function changed(name: string): Runnable {
  const tags = { team: 'orders' };
  const { pipeline } = samplePipeline(name, {
    stream: { tags, retentionPeriodHours: 48 },
    function: { tags, memorySize: 256 },
    mapping: { batchSize: 100 },
  });
  const buckets = { [name]: { ...pipeline.buckets[name], tags } } as typeof pipeline.buckets;
  const code = codeOf(zipSync({ 'index.mjs': strToU8('export const handler = async () => undefined;') }));
  return { name, pipeline: { ...pipeline, buckets }, codes: new Map([[name, code]]) };
}

/** The sample with a record and an object. */
function seeded(name: string): Runnable {
  const { pipeline, codes } = samplePipeline(name, { stream: { seed: { file: 'records.jsonl' } } });
  const buckets = { [name]: { ...pipeline.buckets[name], seed: { directory: 'objects' } } } as typeof pipeline.buckets;
  const record = { Data: Buffer.from('1'), PartitionKey: '1' };
  const object = { path: 'object', bytes: Buffer.from('text') };
  return {
    name,
    pipeline: { ...pipeline, buckets },
    codes,
    records: new Map([[name, { batches: [[record]], sha256: 'a' }]]),
    objects: new Map([[name, { objects: [object], sha256: 'a' }]]),
  };
}

function within(timeoutMs: number, { pipeline, ...rest }: Runnable): Runnable {
  return { ...rest, pipeline: { ...pipeline, wait: { timeoutMs } } };
}
