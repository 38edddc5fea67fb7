import type { Runnable } from '../../runtime/apply/apply.ts';
import type { Result } from '../../runtime/apply/run.ts';
import { TimeoutError } from '../../runtime/errors.ts';
import { type Place, readers, type Source } from '../tail/place.ts';
import { type Seen, tail } from '../tail/tail.ts';
import { linked } from './linked.ts';

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
export function follower({ endpoint, signal, onSeen, onProblem, engineAnswers }: FollowOptions) {
  const wanted = new Map<string, () => void>();
  const running = new Map<string, AbortController>();
  const unfinished = new Set<Promise<void>>();

  return {
    add({ pipeline }: Runnable, { steps }: Result) {
      const { region, account } = pipeline;
      for (const source of readyOf(steps)) {
        const key = [source.kind, source.name, region, account].join(' ');
        wanted.set(key, () => follow(key, source, { endpoint, region, account }));
      }
      this.resume();
    },
    /** Resumes what stopped while the engine was down. */
    resume() {
      for (const [key, begin] of wanted) if (!running.has(key)) begin();
    },
    /** Stops everything: the followed resources no longer exist. */
    forget() {
      wanted.clear();
      for (const own of running.values()) own.abort();
      running.clear();
    },
    ended: () => Promise.all(unfinished),
  };

  function follow(key: string, source: Source, place: Place) {
    const { own, release } = linked(signal);
    running.set(key, own);
    const following = run(source, place, own.signal).then(async (error) => {
      // A restarted engine has lost the resource; that is reported separately.
      const known = error === undefined || !(await engineAnswers()) || own.signal.aborted;
      if (running.get(key) === own) running.delete(key);
      unfinished.delete(following);
      release();
      if (known) return;
      onProblem(error);
      if (error instanceof TimeoutError) follow(key, source, place);
      else wanted.delete(key);
    });
    unfinished.add(following);
  }

  /** Resolves to the error that stopped it, or to undefined after the signal. */
  function run(source: Source, place: Place, until: AbortSignal): Promise<unknown> {
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
