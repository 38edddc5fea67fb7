import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '../../runtime/engine/client-config.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import type { SdkError } from '../../runtime/engine/request-errors.ts';
import type { CallFacts } from './facts.ts';

const REQUEST_TIMEOUT_MS = 10_000;
/** A poller retries a failed batch after pauses that grow to about a minute. */
const PERIOD_READ_MS = 15 * 60_000;
const PERIOD_SECONDS = 60;
/** GetMetricData accepts 500 queries, and each function needs two. */
const MAX_FUNCTIONS = 250;

/**
 * Each function's calls in its last minute with calls, within the past 15 minutes, as counted in CloudWatch (AWS/Lambda). Leaves out
 * functions without calls, which is all of them on an engine that does not count (MiniStack).
 */
export async function readCalls(place: Aws, functions: readonly string[]): Promise<Map<string, CallFacts>> {
  const names = functions.slice(0, MAX_FUNCTIONS);
  if (names.length === 0) return new Map();
  const { endpoint, region, account } = place;
  const client = new CloudWatchClient(clientConfig({ endpoint, region, account }, REQUEST_TIMEOUT_MS) as never);
  const now = Date.now();
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - PERIOD_READ_MS),
        EndTime: new Date(now + PERIOD_SECONDS * 1_000),
        MetricDataQueries: names.flatMap((name, i) => [sum('Invocations', name, i), sum('Errors', name, i)]),
      }),
    );
    const counts = new Map(MetricDataResults.map((result) => [result.Id, byTime(result)]));
    return new Map(
      names.flatMap((name, index) => {
        const calls = counts.get(`Invocations${index}`.toLowerCase()) ?? new Map<number, number>();
        const last = Math.max(...calls.keys());
        const errors = counts.get(`Errors${index}`.toLowerCase())?.get(last) ?? 0;
        return calls.size > 0 ? [[name, { at: last, calls: calls.get(last) ?? 0, errors }] as const] : [];
      }),
    );
  } catch (error) {
    // The engine has no CloudWatch, is configured not to load it, or speaks another protocol (LocalStack 4.2).
    if ((error as SdkError).$metadata?.httpStatusCode !== undefined) return new Map();
    throw error;
  } finally {
    client.destroy();
  }
}

function sum(MetricName: 'Invocations' | 'Errors', Value: string, index: number) {
  const Dimensions = [{ Name: 'FunctionName', Value }];
  return {
    Id: `${MetricName}${index}`.toLowerCase(),
    MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions }, Period: PERIOD_SECONDS, Stat: 'Sum' },
  };
}

function byTime({ Timestamps = [], Values = [] }: { Timestamps?: Date[] | undefined; Values?: number[] | undefined }) {
  return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
}
