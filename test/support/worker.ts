import type { MappingInput, PipelineInput } from '../../src/runtime/definition/input.ts';

/**
 * A handler that stores each record as an object named by its id, after `delayMs`. A record with `fails` makes the first calls with it
 * throw, or be reported with REPORTS; `always` does so forever.
 */
export const WORKER = `
const calls = new Map();
const parse = ({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
const store = async (key, body) => {
  const { ok } = await fetch([process.env.AWS_ENDPOINT_URL, process.env.BUCKET, key].join('/'), { method: 'PUT', body });
  if (!ok) throw new Error('PUT ' + key);
};
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const record of Records) {
    const { id, fails = 0, delayMs = 0, always } = parse(record);
    const count = (calls.get(id) ?? 0) + 1;
    calls.set(id, count);
    if (always || count <= fails) {
      if (!process.env.REPORTS) throw new Error('no good: ' + id);
      batchItemFailures.push({ itemIdentifier: record.kinesis.sequenceNumber });
      continue;
    }
    if (delayMs) await new Promise((done) => setTimeout(done, delayMs));
    await store((process.env.PREFIX ?? '') + id, JSON.stringify({ id }));
  }
  return { batchItemFailures };
};
`;

export interface Shape {
  shards?: number;
  /** How many functions read the stream. Default 1. */
  functions?: number;
  mapping?: Partial<MappingInput>;
  environment?: Record<string, string>;
  timeoutSeconds?: number;
}

/** A bucket, a stream and functions that store its records, each under its own prefix if there are several. */
export function workers(name: string, shape: Shape = {}): PipelineInput {
  const { shards = 1, functions = 1, mapping, environment, timeoutSeconds = 10 } = shape;
  const names = Array.from({ length: functions }, (_, n) => (functions > 1 ? `${name}-${n}` : name));
  return {
    buckets: { [name]: {} },
    streams: { [name]: { shardCount: shards } },
    functions: Object.fromEntries(
      names.map((each, n) => [
        each,
        {
          entry: './worker.mjs',
          buckets: { BUCKET: name },
          timeoutSeconds,
          environment: { ...(functions > 1 && { PREFIX: `${n}-` }), ...environment },
        },
      ]),
    ),
    eventSourceMappings: names.map((each) => ({
      stream: name,
      function: each,
      startingPosition: 'LATEST',
      ...mapping,
    })) as MappingInput[],
  };
}
