import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from '../../runtime/engine/client-config.ts';
import { listMappings } from '../../runtime/resources/mapping/list.ts';
import { PROBE_KEY } from '../../runtime/resources/mapping/marks.ts';
import { counted } from '../counted.ts';
import type { Pending } from './fences.ts';
import { readersOf, type Target } from './target.ts';

const LIMIT_MS = 3_000;
const LOG_LINES = 3;
const MOST_LINE_CHARACTERS = 300;

/** A failure that the wrapper in the function remembers (src/build/pack/probe-wrapper.ts). */
interface Failure {
  stream: string;
  shard: string;
  sequenceNumber: string;
  records: number;
  /** Missing if the function reported the records in batchItemFailures. */
  error?: string;
}

/** Which hop keeps the first pending function from finishing; completes a sentence. */
export async function explain(pending: readonly Pending[], target: Target, since: number): Promise<string> {
  const [first] = pending;
  if (!first) return 'the last fences came back too late';
  const mapping = await mappingProblem(first, target).catch(() => undefined);
  if (mapping) return mapping;
  const { function: name, stream } = first;
  const [failures, log] = await Promise.all([
    failuresOf(name, target).catch(() => 'unknown' as const),
    logOf(name, target, since).catch(() => []),
  ]);
  const tail = log.length > 0 ? `; its log ends with: ${log.slice(-LOG_LINES).join(' | ')}` : '';
  if (failures === 'foreign')
    return `function ${name} does not answer as one that ready-hooks built, so it acknowledges nothing: apply the pipeline again${tail}`;
  const reports = readersOf(target.pipeline, stream).some(
    (each) => each.function === name && each.reportBatchItemFailures,
  );
  const ofMine = (failure: Failure) =>
    (failure.error !== undefined || reports) && pending.some((each) => each.function === name && isOf(failure, each));
  const failure = failures === 'unknown' ? undefined : failures.find(ofMine);
  if (failure) return failing(name, failure, tail);
  const shards = counted(pending.filter((each) => each.function === name && each.stream === stream).length, 'shard');
  if (log.length > 0)
    return `function ${name} was called, but has not finished the records of ${shards} of stream ${stream}${tail}`;
  return `the fences are on ${shards} of stream ${stream}, but the mapping has not read them for function ${name}${windowOf(first, target)}: earlier records may take longer than this limit, or see the engine's log`;
}

const isOf = (failure: Failure, { stream, shard }: Pending) => failure.stream === stream && failure.shard === shard;

function failing(name: string, { stream, shard, sequenceNumber, records, error }: Failure, tail: string): string {
  const where = `record ${sequenceNumber} on ${shard} of stream ${stream}`;
  const advice = 'fix the function, or drop the records with reset({ discard: true })';
  if (error === undefined)
    return `function ${name} handled all but ${where}, which it lists in batchItemFailures, and ${counted(records - 1, 'record')} behind it in the batch${tail}; ${advice}`;
  const batch = records > 1 ? ` and ${counted(records - 1, 'record')} behind it` : '';
  return `function ${name} fails at ${where}${batch}: ${error}${tail}; ${advice}`;
}

function windowOf({ stream, function: name }: Pending, { pipeline }: Target): string {
  const [mapping] = readersOf(pipeline, stream).filter((each) => each.function === name);
  const seconds = mapping?.maximumBatchingWindowSeconds ?? 0;
  return seconds > 0 ? `, whose batching window is ${seconds} s` : '';
}

async function mappingProblem(
  { stream, function: name }: Pending,
  { aws, pipeline }: Target,
): Promise<string | undefined> {
  const options = { timeoutMs: LIMIT_MS };
  const title = `event source mapping ${stream} → ${name}`;
  const [listed] = await listMappings({ stream, function: name }, aws, options);
  if (!listed?.UUID) return `${title} does not exist: apply the pipeline`;
  const { State, FilterCriteria } = await aws.call('GetEventSourceMapping', { UUID: listed.UUID }, options);
  if (State !== 'Enabled') return `${title} is ${State} and does not read: enable it, or apply the pipeline`;
  const declared = readersOf(pipeline, stream).find((each) => each.function === name)?.filters ?? [];
  const patterns = FilterCriteria?.Filters?.map(({ Pattern = '' }) => Pattern) ?? [];
  if (declared.length === 0 || patterns.some((pattern) => pattern.includes(PROBE_KEY))) return undefined;
  return `${title} lacks the filter that lets fences through, as an earlier version created it: delete the mapping and apply the pipeline again`;
}

/** Asks the function's wrapper which batches failed. */
async function failuresOf(FunctionName: string, { aws }: Target): Promise<Failure[] | 'foreign'> {
  const Payload = Buffer.from(JSON.stringify({ readyHooksFailures: true }));
  const answer = await aws.call('Invoke', { FunctionName, Payload }, { timeoutMs: LIMIT_MS });
  const given = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
  return !answer.FunctionError && Array.isArray(given) ? given : 'foreign';
}

/** The lines that a function has logged, without Lambda's own. */
async function logOf(name: string, { aws }: Target, startTime: number): Promise<string[]> {
  const client = new CloudWatchLogsClient(clientConfig(aws, LIMIT_MS));
  try {
    const request = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, startTime });
    const { events = [] } = await client.send(request);
    const lines = events.map(({ message = '' }) => message.replace(/[\r\n]+/g, ' ').trim());
    return lines
      .filter((line) => line && !/^(START|END|REPORT) RequestId/.test(line))
      .map((line) => line.slice(0, MOST_LINE_CHARACTERS));
  } finally {
    client.destroy();
  }
}
