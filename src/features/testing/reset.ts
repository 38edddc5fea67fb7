import type { CallOptions } from '../../runtime/engine/connect.ts';
import { asSentence } from '../../runtime/engine/request-errors.ts';
import { stoppedBy } from '../aborted.ts';
import { send } from '../send/send.ts';
import { discard } from './discard.ts';
import { drain } from './drain.ts';
import { versionsIn } from './keys.ts';
import { type DrainOptions, onlyAnswering, rejectSilent, type Target } from './target.ts';

export interface ResetOptions extends DrainOptions {
  /** Drops the records that have not been handled, instead of waiting for them. Default false. */
  discard?: boolean | undefined;
}

/** The limit of DeleteObjects. */
const MOST_KEYS = 1_000;

/**
 * Brings the pipeline back to its state after apply: no record put before is delivered later, and its buckets and streams hold their
 * seeds, or nothing. Keeps streams, functions and mappings.
 */
export async function reset(target: Target, options: ResetOptions = {}): Promise<void> {
  await resetAll(target, options)
    .catch(stoppedBy(options.signal, `Stopped while resetting the pipeline ${target.name}.`))
    .catch(asSentence(target.aws.endpoint));
}

async function resetAll(target: Target, { discard: drops = false, ...options }: ResetOptions): Promise<void> {
  if (drops) await discard(target, options);
  else {
    rejectSilent(target, 'use discard');
    await drain(target, options);
  }
  const calls: CallOptions = { signal: options.signal };
  const own = Object.entries(target.pipeline.buckets).flatMap(([name, { existing }]) => (existing ? [] : name));
  await Promise.all(own.map((bucket) => refill(bucket, target, calls)));
  await putSeedRecords(target, options);
}

async function refill(Bucket: string, { aws, objects }: Target, options: CallOptions): Promise<void> {
  const all = await versionsIn(Bucket, aws, options);
  for (let n = 0; n < all.length; n += MOST_KEYS) {
    const Objects = all.slice(n, n + MOST_KEYS);
    await aws.call('DeleteObjects', { Bucket, Delete: { Objects, Quiet: true } }, options);
  }
  for (const { path, bytes } of objects?.get(Bucket)?.objects ?? [])
    await aws.call('PutObject', { Bucket, Key: path, Body: bytes }, options);
}

/** Puts the seeds of streams, and waits until they are handled, as far as that can be known. */
export async function putSeedRecords(target: Target, options: DrainOptions): Promise<void> {
  const { aws, records = new Map() } = target;
  if (records.size === 0) return;
  for (const [stream, { batches }] of records) await send(batches, aws, { stream, signal: options.signal });
  await drain(onlyAnswering(target), options);
}
