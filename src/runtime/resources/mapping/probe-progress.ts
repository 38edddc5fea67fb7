import type { Aws } from '../../engine/connect.ts';
import { getOnce } from '../../engine/get-once.ts';
import type { Output } from '../../engine/operations.ts';
import { listShards } from '../stream/held-records.ts';
import { PROBE_KEY } from './marks.ts';

const LIMITS = { timeoutMs: 5_000 };
/** How many GetRecords responses of a shard to search for a probe. */
const MAX_PAGES = 5;

/** How far an unacknowledged probe came; completes a sentence. */
export async function probeProgress(ref: { stream: string; function: string }, aws: Aws): Promise<string> {
  if (!(await isInStream(ref.stream, aws))) return `probes were sent, but none was found in the stream ${ref.stream}`;
  const invoked = await invocationsOf(ref.function, aws).catch(() => undefined);
  const log = `check the function's log (log group /aws/lambda/${ref.function})`;
  if (!invoked)
    return `the probes are in the stream, but this engine does not report whether the function was invoked: ${log}`;
  const { invocations, errors } = invoked;
  if (invocations === 0)
    return `the probes are in the stream, but the function was not invoked: the mapping's poller does not read, or its batching window is longer than this limit; check the engine's log`;
  if (errors > 0)
    return `the probes are in the stream, but ${errors} of ${invocations} invocations of the function failed: ${log}`;
  return `the probes are in the stream and the function was invoked ${invocations} times without an error, but acknowledged none: it may still be processing earlier records, or its package was not built by npx ready-hooks build from an entry`;
}

async function isInStream(StreamName: string, { call }: Aws): Promise<boolean> {
  for (const { ShardId } of await listShards(StreamName, { call, options: LIMITS })) {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await call('GetShardIterator', start, LIMITS);
    for (let page = 0; page < MAX_PAGES && ShardIterator; page++) {
      const answer: Output<'GetRecords'> = await call('GetRecords', { ShardIterator }, LIMITS);
      if (answer.Records?.some(({ PartitionKey }) => PartitionKey === PROBE_KEY)) return true;
      ShardIterator = answer.MillisBehindLatest ? answer.NextShardIterator : undefined;
    }
  }
  return false;
}

/** `d` holds the dimensions, as a list or a string, depending on the version. */
interface Metric {
  n: string;
  v: number;
  d: unknown;
}

/** LocalStack's raw metrics: https://docs.localstack.cloud/aws/services/cloudwatch/. No SDK client, and no delay. */
async function invocationsOf(name: string, { endpoint }: Aws) {
  const { status, body } = await getOnce(`${endpoint}/_aws/cloudwatch/metrics/raw`, LIMITS.timeoutMs);
  if (status !== 200) return undefined;
  const { metrics } = body as { metrics: Metric[] };
  const ofFunction = new RegExp(`FunctionName.*[^\\w-]${name}(?![\\w-])`);
  const total = (metric: string) =>
    metrics.filter(({ n, d }) => n === metric && ofFunction.test(JSON.stringify(d))).reduce((sum, { v }) => sum + v, 0);
  return { errors: total('Errors'), invocations: total('Invocations') };
}
