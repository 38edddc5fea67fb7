import { relative, resolve, sep } from 'node:path';
import { apply, type Runnable } from '../apply/pipeline.ts';
import type { Result } from '../apply/run.ts';
import { loadDefinition } from '../bundle/load.ts';
import { ExpectedError } from '../errors.ts';
import { loadRunnable } from '../library.ts';
import { tellFailure } from '../report/failure.ts';
import { logRenderer } from '../report/log.ts';
import { readers, type Source } from '../tail/place.ts';
import { seenLines } from '../tail/render.ts';
import { tail } from '../tail/tail.ts';
import { watchChanges } from './changes.ts';
import { namedSources, ownSources } from './sources.ts';

export interface DevOptions {
  endpoint: string;
  signal: AbortSignal;
  print(line: string): void;
}

/**
 * Applies definitions, again when something they are made of changes, and tells what their buckets receive and their functions
 * log; until the signal. What is wrong with a definition or its code is told, and its mending waited for.
 */
export async function dev(files: readonly string[], options: DevOptions): Promise<void> {
  const { signal, print } = options;
  const changes = watchChanges(signal);
  const sources = new Map<string, string[]>();
  const follow = follower(options);
  try {
    for (const file of files) await bringUp(file);
    while (!signal.aborted) {
      const paths = await changes.next();
      for (const file of files.filter((each) => concerned(sources.get(each) ?? [], paths))) {
        print(`ready-hooks: ${paths.map((path) => relative('.', path)).join(', ')} changed`);
        await bringUp(file);
      }
    }
  } finally {
    await changes.close();
    await follow.ended();
  }

  async function bringUp(file: string) {
    try {
      await watchSources(file);
      const runnable = await loadRunnable(file);
      const result = await apply(runnable, { ...options, onEvent: logRenderer(print) });
      follow.add(runnable, result);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      if (signal.aborted) return;
      print(tellFailure(error));
      print('ready-hooks: waiting for it to be mended');
    }
  }

  /** What it was made of before stays watched: of code that does not compile, no more is known. */
  async function watchSources(file: string) {
    const add = (paths: readonly string[]) => {
      sources.set(file, [...new Set([...(sources.get(file) ?? []), ...paths])]);
      changes.add(paths);
    };
    add(await ownSources(resolve(file)));
    add(await namedSources(await loadDefinition(file)));
  }
}

/** A folder that is packed as it is concerns with all that is in it. */
function concerned(sources: readonly string[], paths: readonly string[]): boolean {
  return paths.some((path) => sources.some((source) => path === source || path.startsWith(source + sep)));
}

/** Looks at every bucket and function from when it is first ready, and anew where it was removed meanwhile. */
function follower({ endpoint, signal, print }: DevOptions) {
  const running = new Map<string, Promise<void>>();
  return {
    add({ pipeline }: Runnable, { outcomes }: Result) {
      const { region, account } = pipeline;
      for (const source of readyOf(outcomes)) {
        const key = [source.kind, source.name, region, account].join(' ');
        if (running.has(key)) continue;
        // What is brought up again is looked at again.
        const looking = run(source, region, account).finally(() => running.delete(key));
        running.set(key, looking);
      }
    },
    ended: () => Promise.all(running.values()),
  };

  async function run(source: Source, region: string, account: string) {
    const open = readers({ endpoint, region, account });
    try {
      await tail([source], open, {
        signal,
        onSeen: (seen) => {
          for (const line of seenLines(seen, true)) print(line);
        },
      });
    } catch (error) {
      print(tellFailure(error));
    } finally {
      open.close();
    }
  }
}

function readyOf(outcomes: Result['outcomes']): Source[] {
  return Object.keys(outcomes).flatMap((step): Source[] => {
    const [, kind, name = ''] = /^(bucket|function) (.+)$/.exec(step) ?? [];
    return kind ? [{ kind: kind as Source['kind'], name }] : [];
  });
}
