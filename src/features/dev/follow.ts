import type { Runnable } from '../../runtime/apply/apply.ts';
import type { Result } from '../../runtime/apply/run.ts';
import { TimeoutError } from '../../runtime/errors.ts';
import { linked } from '../../runtime/linked.ts';
import { type Place, readers, type Source } from '../tail/place.ts';
import { type Seen, tail } from '../tail/tail.ts';

export interface FollowOptions {
  endpoint: string;
  signal: AbortSignal;
  onSeen(seen: Seen): void;
  /** Called with the error that stopped the following of a bucket or function, unless the engine is down or has restarted. */
  onProblem(error: unknown): void;
  /** Whether the engine answers now. */
  engineAnswers(): Promise<boolean>;
}

/** Follows each bucket and function once it is ready, and again once it is ready after a problem. */
export class Follower {
  readonly #options: FollowOptions;
  /** How to follow each of them. */
  readonly #wanted = new Map<string, () => void>();
  readonly #running = new Map<string, AbortController>();
  readonly #unfinished = new Set<Promise<void>>();

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  add({ pipeline }: Runnable, { steps }: Result): void {
    const { region, account } = pipeline;
    const place = { endpoint: this.#options.endpoint, region, account };
    for (const source of readyOf(steps)) {
      const key = [source.kind, source.name, region, account].join(' ');
      this.#wanted.set(key, () => this.#follow(key, source, place));
    }
    this.resume();
  }

  /** Resumes what stopped while the engine was down. */
  resume(): void {
    for (const [key, begin] of this.#wanted) if (!this.#running.has(key)) begin();
  }

  /** Stops everything: the followed resources no longer exist. */
  forget(): void {
    this.#wanted.clear();
    for (const own of this.#running.values()) own.abort();
    this.#running.clear();
  }

  async ended(): Promise<void> {
    await Promise.all(this.#unfinished);
  }

  #follow(key: string, source: Source, place: Place): void {
    const { own, release } = linked(this.#options.signal);
    this.#running.set(key, own);
    const following = this.#run(source, place, own.signal).then(async (error) => {
      const isExplained = await this.#isExplained(error, own.signal);
      if (this.#running.get(key) === own) this.#running.delete(key);
      this.#unfinished.delete(following);
      release();
      if (isExplained) return;
      this.#options.onProblem(error);
      if (error instanceof TimeoutError) this.#follow(key, source, place);
      else this.#wanted.delete(key);
    });
    this.#unfinished.add(following);
  }

  /** A restarted engine has lost the resource; that is reported separately. */
  async #isExplained(error: unknown, until: AbortSignal): Promise<boolean> {
    return error === undefined || !(await this.#options.engineAnswers()) || until.aborted;
  }

  /** Resolves to the error that stopped it, or to undefined after the signal. */
  #run(source: Source, place: Place, until: AbortSignal): Promise<unknown> {
    const { onSeen } = this.#options;
    const open = readers(place, until);
    return tail([source], open, { signal: until, onSeen: (seen) => void (until.aborted || onSeen(seen)) })
      .catch((error: unknown) => error)
      .finally(open.close);
  }
}

function readyOf(steps: Result['steps']): Source[] {
  return steps.flatMap(({ kind, ref: { name = '' }, outcome }): Source[] =>
    outcome && (kind === 'bucket' || kind === 'function') ? [{ kind, name }] : [],
  );
}
