import { resolve, sep } from 'node:path';
import { findDefinitions } from '../../build/load/definitions.ts';
import { loadDefinition } from '../../build/load/load.ts';
import { loadRunnable } from '../../build/load/runnable.ts';
import { apply } from '../../runtime/apply/apply.ts';
import { AbortedError, ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { tellFailure } from '../../runtime/report/error-text.ts';
import type { WithoutTime } from '../../runtime/report/events.ts';
import { watchChanges } from './changes.ts';
import { type EngineNews, watchEngine } from './engine.ts';
import type { DevEvent, Noticed } from './events.ts';
import { follower } from './follow.ts';
import { inbox } from './inbox.ts';
import { linked } from './linked.ts';
import { namedSources, ownSources } from './sources.ts';

export interface DevOptions {
  /** The definitions, or the folder of which all are taken, also those that are added to it. */
  definitions: readonly string[] | { folder: string };
  endpoint: string;
  signal: AbortSignal;
  onEvent(event: DevEvent): void;
}

/**
 * Applies definitions, again when something they are made of changes or the engine was started anew, and tells what their buckets
 * receive and their functions log; until the signal. What is wrong with a definition or its code is told, and its mending waited for.
 */
export async function dev(options: DevOptions): Promise<void> {
  const { definitions, endpoint, onEvent } = options;
  const { own: all, release: releaseAll } = linked(options.signal);
  const { signal } = all;
  const notice = (noticed: WithoutTime<Noticed>) => onEvent({ ...noticed, at: Date.now() } as Noticed);
  const happened = inbox<{ path: string } | EngineNews>(signal);
  const folder = 'folder' in definitions ? definitions.folder : undefined;
  let files = 'folder' in definitions ? await findDefinitions(definitions.folder) : definitions;
  const changes = watchChanges(folder, (path) => happened.put({ path }));
  const sources = new Map<string, string[]>();
  /** What is to be applied when the engine answers. */
  const due = new Set(files);
  const failed = new Set<string>();
  let run: AbortController | undefined;
  const engine = await watchEngine(endpoint, signal, (news) => {
    notice({ ...news, endpoint });
    happened.put(news);
    if (!isLoss(news)) return;
    run?.abort(new AbortedError('The engine was started anew.'));
    follow.forget();
  });
  const follow = follower({
    endpoint,
    signal,
    onSeen: onEvent,
    onProblem: (error) => notice({ type: 'problem', problem: problemOf(error) }),
    async engineAnswers() {
      if (engine.answers()) await engine.look();
      return engine.answers();
    },
  });
  try {
    while (!signal.aborted) {
      for (const file of files) if (engine.answers() && due.delete(file)) await bringUp(file);
      const items = await happened.next();
      if (folder !== undefined && !signal.aborted) await lookInto(folder);
      takeChanges(items.flatMap((item) => ('path' in item ? item.path : [])));
      for (const item of items) if ('type' in item) takeNews(item);
    }
  } finally {
    // Also after a bug, which would else not be told before Ctrl-C.
    all.abort();
    releaseAll();
    await changes.close();
    await engine.ended;
    await follow.ended();
  }

  async function lookInto(folder: string) {
    const now = await findDefinitions(folder).catch((error): string[] => {
      if (error instanceof InvalidInputError) return [];
      throw error;
    });
    for (const definition of files.filter((file) => !now.includes(file))) {
      notice({ type: 'definition-removed', definition });
      for (const each of [sources, due, failed]) each.delete(definition);
    }
    for (const definition of now.filter((file) => !files.includes(file))) {
      notice({ type: 'definition-added', definition });
      due.add(definition);
    }
    files = now;
  }

  function takeChanges(paths: readonly string[]) {
    const concerns = files.filter((file) => concerned(sources.get(file) ?? [], paths));
    if (concerns.length === 0) return;
    const known = concerns.flatMap((file) => sources.get(file) ?? []);
    notice({ type: 'changed', paths: [...new Set(paths)].filter((path) => concerned(known, [path])) });
    for (const file of concerns) due.add(file);
  }

  function takeNews(news: EngineNews) {
    if (news.type === 'engine-away') return;
    for (const file of isLoss(news) ? files : failed) due.add(file);
    follow.resume();
  }

  async function bringUp(file: string) {
    failed.add(file);
    const { own, release } = linked(signal);
    run = own;
    try {
      await watchSources(file);
      const runnable = await loadRunnable(file);
      const result = await apply(runnable, { endpoint, signal: own.signal, onEvent });
      if (own.signal.aborted) return;
      if (result.ok) failed.delete(file);
      follow.add(runnable, result);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      // That the engine does not answer is told by itself.
      await engine.look();
      if (!own.signal.aborted && engine.answers())
        notice({ type: 'problem', problem: problemOf(error), definition: file });
    } finally {
      release();
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

/** Where it cannot be told, it is applied again, too: what is there stays. */
const isLoss = (news: EngineNews) => news.type === 'engine-back' && news.startedAnew !== false;

const problemOf = (error: unknown) => (error instanceof ExpectedError ? error.message : tellFailure(error));

/** A folder that is packed as it is concerns with all that is in it. */
function concerned(sources: readonly string[], paths: readonly string[]): boolean {
  return paths.some((path) => sources.some((source) => path === source || path.startsWith(source + sep)));
}
