import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { SentRecord } from '../../runtime/contents/records.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { backoffMs, classify, describe, isUnanswered, type SdkError } from '../../runtime/engine/request-errors.ts';
import { ExpectedError, TimeoutError } from '../../runtime/errors.ts';
import { stoppedBy } from '../aborted.ts';
import { counted } from '../counted.ts';

export interface SendOptions {
  stream: string;
  /** Records per second. Default: as many as the engine accepts. */
  rate?: number | undefined;
  /** How the caller can send more slowly, for errors. Default `more slowly`. */
  moreSlowly?: string;
  signal?: AbortSignal | undefined;
  /** Called after each request with the number of records accepted so far. */
  onProgress?: (sent: number) => void;
  clock?: Clock;
}

/** How long rejected records of a batch are retried, in milliseconds. */
const RETRY_LIMIT_MS = 30_000;

type Batches = AsyncIterable<readonly SentRecord[]> | Iterable<readonly SentRecord[]>;

/**
 * Sends batches of records to a stream, one after the other; returns the number of accepted records. PutRecords can accept part of
 * a batch: rejected records are retried, and so may end up behind later ones.
 */
export async function send(batches: Batches, aws: Pick<Aws, 'call'>, options: SendOptions): Promise<number> {
  const sending = new Sending(aws, options);
  await sending.putEach(batches).catch(stoppedBy(options.signal, `Stopped while sending to stream ${options.stream}.`));
  return sending.sent;
}

/** How one request went. */
interface Put {
  rejected: readonly SentRecord[];
  /** Why they were rejected. */
  reason: string;
  unanswered?: boolean;
}

class Sending {
  /** The number of records accepted so far. */
  sent = 0;
  readonly #call: Aws['call'];
  readonly #options: SendOptions;
  readonly #clock: Clock;
  readonly #startedAt: number;

  constructor({ call }: Pick<Aws, 'call'>, options: SendOptions) {
    this.#call = call;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedAt = this.#clock.now();
  }

  async putEach(batches: Batches): Promise<void> {
    for await (const batch of batches) {
      await this.#keepToRate();
      await this.#putAll(batch);
    }
  }

  async #putAll(batch: readonly SentRecord[]): Promise<void> {
    const { signal, onProgress } = this.#options;
    const deadline = this.#clock.now() + RETRY_LIMIT_MS;
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt++) {
      signal?.throwIfAborted();
      const put = await this.#put(left);
      const { rejected } = put;
      this.sent += left.length - rejected.length;
      onProgress?.(this.sent);
      if (rejected.length > 0 && this.#clock.now() >= deadline) throw this.#gaveUp(put);
      left = rejected;
      if (left.length > 0) await this.#clock.sleep(backoffMs(attempt), signal);
    }
  }

  async #keepToRate(): Promise<void> {
    const { rate, signal } = this.#options;
    if (!rate) return;
    const dueAt = this.#startedAt + (this.sent / rate) * 1000;
    await this.#clock.sleep(Math.max(0, dueAt - this.#clock.now()), signal);
  }

  async #put(Records: readonly SentRecord[]): Promise<Put> {
    const { stream: StreamName, signal } = this.#options;
    try {
      const answer = await this.#call('PutRecords', { StreamName, Records: [...Records] }, { signal });
      const results = answer.Records ?? [];
      const rejected = Records.filter((_, index) => results[index]?.ErrorCode !== undefined);
      const { ErrorCode, ErrorMessage } = results.find((result) => result.ErrorCode) ?? {};
      return { rejected, reason: `${ErrorCode}: ${ErrorMessage}` };
    } catch (error) {
      signal?.throwIfAborted();
      const kind = classify(error as SdkError);
      if (kind === 'bug') throw error;
      if (kind === 'transient')
        return {
          rejected: Records,
          reason: describe(error as SdkError),
          unanswered: isUnanswered(error as SdkError),
        };
      throw this.#failed(error as SdkError);
    }
  }

  #gaveUp({ rejected, reason, unanswered }: Put): TimeoutError {
    const { moreSlowly = 'more slowly' } = this.#options;
    if (unanswered)
      return new TimeoutError(
        `${this.#accepted()}, and then the engine did not respond for ${RETRY_LIMIT_MS / 1000} s: ${reason}. Check that it still runs, then send the rest, from record ${this.sent + 1} on.`,
      );
    return new TimeoutError(
      `${this.#accepted()} and rejected ${rejected.length} for ${RETRY_LIMIT_MS / 1000} s; last seen: ${reason}. Send the rest ${moreSlowly}, or give the stream more shards.`,
    );
  }

  #failed(cause: SdkError): ExpectedError {
    return new ExpectedError(`${this.#accepted()} and then failed: ${describe(cause)}.`, { cause });
  }

  #accepted(): string {
    return `Stream ${this.#options.stream} accepted ${counted(this.sent, 'record')}`;
  }
}
