import { backoffMs, classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { SentRecord } from '../../runtime/contents/records.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import { counted } from '../counted.ts';

export interface SendOptions {
  stream: string;
  /** Records per second. Default: as many as the engine accepts. */
  rate?: number | undefined;
  /** How long rejected records of a batch are retried, in milliseconds. Default 30 000. */
  retryLimitMs?: number;
  signal?: AbortSignal;
  /** Called after each request with the number of records accepted so far. */
  onProgress?: (sent: number) => void;
  clock?: Clock;
}

/**
 * Sends batches of records to a stream, one after the other; returns the number of accepted records. PutRecords can accept part of
 * a batch: rejected records are retried, and so may end up behind later ones.
 */
export async function send(
  batches: AsyncIterable<readonly SentRecord[]> | Iterable<readonly SentRecord[]>,
  { call }: Pick<Aws, 'call'>,
  { stream, rate, retryLimitMs = 30_000, signal, onProgress, clock = systemClock }: SendOptions,
): Promise<number> {
  const startedAt = clock.now();
  let sent = 0;
  for await (const batch of batches) {
    if (rate) await clock.sleep(Math.max(0, startedAt + (sent / rate) * 1000 - clock.now()), signal);
    await putAll(batch);
  }
  return sent;

  async function putAll(batch: readonly SentRecord[]) {
    const deadline = clock.now() + retryLimitMs;
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt++) {
      signal?.throwIfAborted();
      const { rejected, reason } = await put(left);
      sent += left.length - rejected.length;
      onProgress?.(sent);
      if (rejected.length > 0 && clock.now() >= deadline)
        throw new TimeoutError(
          `Stream ${stream} accepted ${counted(sent, 'record')} and rejected ${rejected.length} for ${retryLimitMs / 1000} s; last seen: ${reason}. Send the rest more slowly with --rate, or give the stream more shards.`,
        );
      left = rejected;
      if (left.length > 0) await clock.sleep(backoffMs(attempt), signal);
    }
  }

  async function put(Records: readonly SentRecord[]): Promise<{ rejected: readonly SentRecord[]; reason: string }> {
    try {
      const answer = await call('PutRecords', { StreamName: stream, Records: [...Records] }, { signal });
      const results = answer.Records ?? [];
      const rejected = Records.filter((_, index) => results[index]?.ErrorCode !== undefined);
      const { ErrorCode, ErrorMessage } = results.find((result) => result.ErrorCode) ?? {};
      return { rejected, reason: `${ErrorCode}: ${ErrorMessage}` };
    } catch (error) {
      signal?.throwIfAborted();
      const failure = error as SdkError;
      if (classify(failure) === 'bug') throw error;
      if (classify(failure) === 'transient') return { rejected: Records, reason: describe(failure) };
      throw new ExpectedError(
        `Stream ${stream} accepted ${counted(sent, 'record')} and then failed: ${describe(failure)}.`,
        {
          cause: error,
        },
      );
    }
  }
}
