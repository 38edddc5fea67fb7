// Bundled into the functions of mappings with verifyDelivery; imports nothing. See src/runtime/resources/mapping/probe.ts for what a probe is.

type Handler = (...args: unknown[]) => unknown;
type Probe = { bucket: string; id: string };

const BUCKET = /^ready-hooks-probe-[0-9a-f]+$/;

/** What a module exports, with the handler at a path in it (`['api', 'get']`) wrapped. */
export function wrapAt(value: never, [first, ...rest]: string[]): unknown {
  if (first === undefined) return withProbes(value);
  return Object.create(value, { [first]: { value: wrapAt(value[first] as never, rest), enumerable: true } });
}

/**
 * A handler that never sees probes: they are acknowledged and taken out of the batch. A batch without probes is passed on as it
 * came, and one of probes only is answered here, as a batch of which nothing failed.
 */
function withProbes(handler: Handler): Handler {
  // No parameters of its own: Lambda's Node.js 24 refuses a handler that declares three.
  return function (this: unknown, ...args) {
    const [event, context] = args;
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

/** One unsigned PUT for each id. When nobody waits any more the bucket is gone, and that is no failure of the batch. */
async function acknowledge(probes: (Probe | undefined)[]): Promise<void> {
  const urls = probes.flatMap((probe) =>
    probe ? `${process.env['AWS_ENDPOINT_URL']}/${probe.bucket}/${probe.id}` : [],
  );
  await Promise.all([...new Set(urls)].map((url) => fetch(url, { method: 'PUT', body: '' }).catch(() => {})));
}

/** A handler's answer, whether it gives a promise or calls back. */
function settled(handler: Handler, self: unknown, event: object, context: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
    const answer = handler.call(self, event, context, callback) as PromiseLike<unknown> | undefined;
    if (typeof answer?.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3) resolve(undefined);
  });
}
