// Bundled into functions with verifyStart or verifyDelivery; imports only Node.js's own modules. src/runtime/resources/mapping/probe.ts
// explains probes, and notes/drain.md explains fences.

import * as http from 'node:http';
import * as https from 'node:https';

type Handler = (...args: unknown[]) => unknown;

interface KinesisRecord {
  eventID?: string;
  eventSourceARN?: string;
  kinesis: { partitionKey?: string; data?: string; sequenceNumber?: string };
}

/** A record of ready-hooks. A probe asks whether records arrive; a fence, whether all records before it in its shard are handled. */
interface Mark {
  bucket: string;
  id: string;
  kind: 'probe' | 'fence';
  /** Of a fence: the records before it are dropped. */
  discard?: boolean;
}

/** How an invocation ended: the error, or the result. */
type Ended = (error?: unknown, result?: unknown) => Promise<void>;

const BUCKET = /^ready-hooks-(probe|fence)-[0-9a-z-]+$/;

/** Wraps the handler at a path in a module's export, such as `['api', 'get']`. */
export function wrapAt(value: never, [first, ...rest]: string[]): unknown {
  if (first === undefined) return withMarks(value);
  return Object.create(value, { [first]: { value: wrapAt(value[first] as never, rest), enumerable: true } });
}

/** Keeps marks away from a handler, and acknowledges them. A batch of only marks never reaches it. */
function withMarks(handler: Handler): Handler {
  /** The last failure of each shard that has not succeeded since. */
  const failures = new Map<string, object>();
  /** Up to which record each shard's records are dropped. */
  const discards: Record<string, string> = {};
  // After a failure, and in a new process, a batch may be one that was dropped meanwhile.
  let asksForDiscards = true;

  // No declared parameters: Lambda's Node.js 24 rejects a handler with three.
  return function (this: unknown, ...args) {
    const [event] = args;
    if (isCall(event, 'readyHooksStart')) return Promise.resolve({ batchItemFailures: [] });
    if (isCall(event, 'readyHooksFailures')) return Promise.resolve([...failures.values()]);
    const records = recordsIn(event);
    if (!records) return handler.apply(this, args);
    const marks = records.map(markIn);
    const shard = `${records[0]?.eventSourceARN} ${records[0]?.eventID?.split(':')[0]}`;
    if (!asksForDiscards && !discards[shard] && !marks.some(Boolean))
      return call(handler, this, args, (...end) => ended(records, [], ...end));

    return new Promise((resolve, reject) => {
      prepare()
        .then(() => {
          const others = records.filter((record, n) => !marks[n] && !isUpTo(record, discards[shard]));
          const fences = records.flatMap((record, n) => {
            const mark = marks[n];
            return mark?.kind === 'fence' ? { ...mark, record } : [];
          });
          const end: Ended = (...how) => ended(others, fences, ...how);
          // The last invocation of a tumbling window has no records.
          if (others.length === 0 && !('window' in (event as object)))
            return end().then(() => resolve({ batchItemFailures: [] }));
          const changed = others.length < records.length ? { ...(event as object), Records: others } : event;
          const answer = call(handler, this, [changed, ...args.slice(1)], end);
          // Without a promise, the runtime answers once nothing is left to do.
          return isPromise(answer) ? answer.then(resolve, reject) : undefined;
        })
        .catch(reject);
    });

    async function prepare(): Promise<void> {
      if (asksForDiscards) await readDiscards(records?.[0]?.eventSourceARN, discards);
      for (const [n, record] of records?.entries() ?? [])
        if (marks[n]?.discard && !isUpTo(record, discards[shard])) discards[shard] = sequenceOf(record);
      await Promise.all([...new Set(marks.flatMap((mark) => (mark?.kind === 'probe' ? keyOf(mark) : [])))].map(put));
    }

    /** Acknowledges the fences before which everything is handled. */
    async function ended(others: KinesisRecord[], fences: Fence[], error?: unknown, result?: unknown): Promise<void> {
      const failure = error === undefined && fences.length > 0 ? unserialisable(result) : error;
      const failed = failure === undefined ? lowestFailed(result, others) : sequenceOf(others[0]);
      asksForDiscards = failure !== undefined || failed !== undefined;
      if (!asksForDiscards) failures.delete(shard);
      else failures.set(shard, describe(others, failed, failure));
      await Promise.all(
        fences.flatMap((fence) => {
          const key = `${keyOf(fence)}/${process.env['AWS_LAMBDA_FUNCTION_NAME']}`;
          if (failed === undefined || isUpTo(fence.record, failed)) return put(key);
          // Whether the failed records of a batch count is the mapping's setting.
          return failure === undefined ? put(`${key}.partly`) : [];
        }),
      );
    }
  };
}

interface Fence extends Mark {
  record: KinesisRecord;
}

/** Calls of ready-hooks: whether the function starts (src/runtime/resources/function/start.ts), and which batches failed. */
function isCall(event: unknown, name: string): boolean {
  return (event as Record<string, unknown> | null | undefined)?.[name] === true;
}

function recordsIn(event: unknown): KinesisRecord[] | undefined {
  const { Records } = (event ?? {}) as { Records?: (KinesisRecord | null)[] };
  return Array.isArray(Records) && Records[0]?.kinesis ? (Records as KinesisRecord[]) : undefined;
}

function markIn(record: KinesisRecord): Mark | undefined {
  const { partitionKey, data } = record.kinesis;
  if (partitionKey !== 'ready-hooks-probe' || !data) return;
  try {
    const { readyHooksProbe, readyHooksFence } = JSON.parse(Buffer.from(data, 'base64').toString());
    const { bucket, id, discard } = readyHooksProbe ?? readyHooksFence;
    if (!BUCKET.test(bucket) || typeof id !== 'string') return;
    return { bucket, id, kind: readyHooksProbe ? 'probe' : 'fence', ...(discard === true && { discard }) };
  } catch {
    return;
  }
}

/**
 * Calls the handler as the runtime would, and `ended` once it has ended, before the runtime learns of it. A handler that returns no
 * promise ends when nothing is left to do, also after it has called back.
 */
function call(handler: Handler, self: unknown, args: unknown[], ended: Ended): unknown {
  const [event, context, callback, ...more] = args;
  let result: unknown;
  const atEnd = () => void ended(undefined, result);
  const back = (error: unknown, given: unknown) => {
    result = given;
    const waits = (context as { callbackWaitsForEmptyEventLoop?: boolean } | undefined)?.callbackWaitsForEmptyEventLoop;
    if (error || waits === false) {
      process.off('beforeExit', atEnd);
      void ended(error || undefined, given);
    }
    (callback as Handler | undefined)?.(error, given);
  };
  try {
    process.prependOnceListener('beforeExit', atEnd);
    const answer = handler.call(self, event, context, back, ...more);
    if (!isPromise(answer)) return answer;
    process.off('beforeExit', atEnd);
    return answer.then(
      (value) => ended(undefined, value).then(() => value),
      (error) =>
        ended(error ?? 'undefined').then(() => {
          throw error;
        }),
    );
  } catch (error) {
    process.off('beforeExit', atEnd);
    void ended(error);
    throw error;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

/** The error with which the runtime fails an invocation whose result it cannot send. */
function unserialisable(result: unknown): unknown {
  try {
    JSON.stringify(result);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The first record that a result lists as failed; `0`, which is before all, if the engine takes the result for a failure of all. */
function lowestFailed(result: unknown, records: KinesisRecord[]): string | undefined {
  if (!result) return undefined;
  const { batchItemFailures } = result as { batchItemFailures?: ({ itemIdentifier?: unknown } | null)[] };
  if (typeof result === 'object' && !Array.isArray(result) && !batchItemFailures) return undefined;
  if (!Array.isArray(batchItemFailures)) return '0';
  const known = new Set<unknown>(records.map(sequenceOf));
  return batchItemFailures
    .map((item) => (known.has(item?.itemIdentifier) ? String(item?.itemIdentifier) : '0'))
    .sort(inOrder)[0];
}

const sequenceOf = (record: KinesisRecord | undefined) => record?.kinesis.sequenceNumber ?? '0';

function isUpTo(record: KinesisRecord, last: string | undefined): boolean {
  return last !== undefined && inOrder(sequenceOf(record), last) <= 0;
}

/** Sequence numbers are too long for a number. */
function inOrder(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function describe(others: KinesisRecord[], failed: string | undefined, error: unknown): object {
  const [first] = others;
  const from = others.filter((record) => failed === undefined || inOrder(sequenceOf(record), failed) >= 0);
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return {
    stream: first?.eventSourceARN?.split('/')[1],
    shard: first?.eventID?.split(':')[0],
    sequenceNumber: sequenceOf(from[0]),
    records: from.length,
    ...(error !== undefined && { error: `${name}: ${message}` }),
  };
}

const keyOf = ({ bucket, id }: Mark) => `${bucket}/${id}`;

/** Reads up to which record each shard's records are dropped. reset writes it (src/features/testing/discard.ts). */
async function readDiscards(arn: string | undefined, discards: Record<string, string>): Promise<void> {
  const [, , , region, account, stream] = arn?.split(':') ?? [];
  if (!stream) return;
  const text = await send('GET', `ready-hooks-fence-${account}-${region}/discards/${stream.split('/')[1]}`);
  try {
    for (const [shard, last] of Object.entries(JSON.parse(text))) discards[`${arn} ${shard}`] = String(last);
  } catch {
    // Nothing is dropped.
  }
}

/** An acknowledgement. After the wait its bucket is deleted; a failed PUT must not fail the batch. */
async function put(key: string): Promise<void> {
  await send('PUT', key);
}

/**
 * Sends one unsigned request to S3; returns the body of a successful response. Not by fetch, which the function may have replaced,
 * nor by the global agent, which may use a proxy.
 */
function send(method: string, path: string): Promise<string> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (!endpoint) return Promise.resolve('');
  const { request, Agent } = endpoint.startsWith('https:') ? https : http;
  return new Promise((done) => {
    let body = '';
    const options = { method, agent: new Agent(), headers: { 'content-length': 0 } };
    const sent = request(`${endpoint}/${path}`, options);
    sent.once('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk) => {
        if (response.statusCode === 200) body += chunk;
      });
    });
    sent.once('close', () => done(body)).once('error', () => {});
    sent.end();
  });
}
