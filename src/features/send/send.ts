import { backoffMs, classify, describe, type SdkError } from '../../runtime/apply/request-errors.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { SentRecord } from '../../runtime/contents/records.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import { counted } from '../counted.ts';

export interface SendOptions {
  stream: string;
  /** Records a second. Default: as many as the engine takes. */
  rate?: number | undefined;
  /** Milliseconds for which records of one batch that are refused are tried again. Default 30 000. */
  retryLimitMs?: number;
  signal?: AbortSignal;
  /** Called after each request with how many have been taken so far. */
  onProgress?: (sent: number) => void;
  clock?: Clock;
}

/**
 * Puts batches of records on a stream, one after the other. PutRecords can take a part of a batch: what it refuses is put again,
 * and so may come behind records that followed it. Gives how many were taken.
 */
export async function send(
  batches: AsyncIterable<readonly SentRecord[]>,
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
      const { refused, why } = await put(left);
      sent += left.length - refused.length;
      onProgress?.(sent);
      if (refused.length > 0 && clock.now() >= deadline)
        throw new TimeoutError(
          `Stream ${stream} accepted ${counted(sent, 'record')} and rejected ${refused.length} for ${retryLimitMs} ms; last seen: ${why}. Send the rest more slowly with --rate, or give the stream more shards.`,
        );
      left = refused;
      if (left.length > 0) await clock.sleep(backoffMs(attempt), signal);
    }
  }

  async function put(Records: readonly SentRecord[]): Promise<{ refused: readonly SentRecord[]; why: string }> {
    try {
      const answer = await call('PutRecords', { StreamName: stream, Records: [...Records] }, { signal });
      const results = answer.Records ?? [];
      const refused = Records.filter((_, index) => results[index]?.ErrorCode !== undefined);
      const { ErrorCode, ErrorMessage } = results.find((result) => result.ErrorCode) ?? {};
      return { refused, why: `${ErrorCode}: ${ErrorMessage}` };
    } catch (error) {
      signal?.throwIfAborted();
      const failure = error as SdkError;
      if (classify(failure) === 'bug') throw error;
      if (classify(failure) === 'transient') return { refused: Records, why: describe(failure) };
      throw new ExpectedError(
        `Stream ${stream} accepted ${counted(sent, 'record')} and then failed: ${describe(failure)}.`,
        {
          cause: error,
        },
      );
    }
  }
}
