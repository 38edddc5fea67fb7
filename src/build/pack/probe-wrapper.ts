// Bundled into functions with verifyStart or verifyDelivery; imports only Node.js's own modules. src/runtime/resources/mapping/probe.ts explains probes.

import * as http from 'node:http';
import * as https from 'node:https';

type Handler = (...args: unknown[]) => unknown;
type Probe = { bucket: string; id: string };

const BUCKET = /^ready-hooks-probe-[0-9a-f]+$/;

/** Wraps the handler at a path in a module's export, such as `['api', 'get']`. */
export function wrapAt(value: never, [first, ...rest]: string[]): unknown {
  if (first === undefined) return withProbes(value);
  return Object.create(value, { [first]: { value: wrapAt(value[first] as never, rest), enumerable: true } });
}

/**
 * Keeps probes away from a handler: acknowledges them and removes them from the batch. Passes a batch without probes on
 * unchanged, and answers a batch of only probes itself, with no failures.
 */
function withProbes(handler: Handler): Handler {
  // No declared parameters: Lambda's Node.js 24 rejects a handler with three.
  return function (this: unknown, ...args) {
    const [event, context] = args;
    if (isFirstCall(event)) return Promise.resolve({ batchItemFailures: [] });
    const records = (event as { Records?: unknown[] } | undefined)?.Records;
    const probes = Array.isArray(records) ? records.map(probeIn) : [];
    if (!Array.isArray(records) || !probes.some(Boolean)) return handler.apply(this, args);
    const others = records.filter((_, index) => !probes[index]);
    return acknowledge(probes).then(() => {
      if (others.length === 0) return { batchItemFailures: [] };
      return settled(handler, this, { ...(event as object), Records: others }, context);
    });
  };
}

/** The call that checks that the function starts: src/runtime/resources/function/start.ts. */
function isFirstCall(event: unknown): boolean {
  return (event as { readyHooksStart?: unknown } | null | undefined)?.readyHooksStart === true;
}

function probeIn(record: unknown): Probe | undefined {
  const { partitionKey, data } =
    (record as { kinesis?: { partitionKey?: string; data?: string } } | null)?.kinesis ?? {};
  if (partitionKey !== 'ready-hooks-probe' || !data) return;
  try {
    const { bucket, id } = JSON.parse(Buffer.from(data, 'base64').toString()).readyHooksProbe;
    return BUCKET.test(bucket) && typeof id === 'string' ? { bucket, id } : undefined;
  } catch {
    return;
  }
}

/** Sends one unsigned PUT per id. After the wait its bucket is deleted; a failed PUT must not fail the batch. */
async function acknowledge(probes: (Probe | undefined)[]): Promise<void> {
  const urls = probes.flatMap((probe) =>
    probe ? `${process.env['AWS_ENDPOINT_URL']}/${probe.bucket}/${probe.id}` : [],
  );
  await Promise.all([...new Set(urls)].map(put));
}

/** Not by fetch, which the function may have replaced, nor by the global agent, which may use a proxy. */
function put(url: string): Promise<void> {
  const { request, Agent } = url.startsWith('https:') ? https : http;
  return new Promise((done) => {
    const sent = request(url, { method: 'PUT', agent: new Agent(), headers: { 'content-length': 0 } });
    sent.once('response', (response) => response.resume());
    sent.once('close', done).once('error', () => {});
    sent.end();
  });
}

/** A handler's result, whether it returns a promise or calls back. */
function settled(handler: Handler, self: unknown, event: object, context: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
    const answer = handler.call(self, event, context, callback) as PromiseLike<unknown> | undefined;
    if (typeof answer?.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3) resolve(undefined);
  });
}
