import { resolve } from 'node:path';
import { checkTogether } from '../../build/load/check-together.ts';
import { findDefinitions } from '../../build/load/definitions.ts';
import { loadDefinition } from '../../build/load/load.ts';
import { loadRunnable } from '../../build/load/runnable.ts';
import { apply, type Runnable } from '../../runtime/apply/apply.ts';
import { prune } from '../../runtime/apply/prune.ts';
import type { DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { AbortedError, ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { linked } from '../../runtime/linked.ts';
import { failureText } from '../../runtime/report/error-text.ts';
import type { WithoutTime } from '../../runtime/report/events.ts';
import { checkInspectPorts, Inspector, inspectable } from '../inspect/inspector.ts';
import { Definitions } from './definitions.ts';
import { type EngineNews, isLoss, watchEngine } from './engine.ts';
import type { DevEvent, Noticed } from './events.ts';
import { Follower } from './follow.ts';
import { inbox } from './inbox.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { namedSources, ownSources } from './sources.ts';
import { watchChanges } from './watch-files.ts';

export interface DevOptions {
  /** The definitions, or a folder: then all definitions in it, including those added later. */
  definitions: readonly string[] | { folder: string };
  endpoint: string;
  /** The first of the ports at which debuggers can attach, one for each function. Default: functions run without debugger. */
  inspect?: number | undefined;
  signal: AbortSignal;
  onEvent(event: DevEvent): void;
}

/**
 * Applies definitions, re-applies them when their sources change or the engine restarts, deletes mappings and functions that are no
 * longer declared, and reports new objects and function logs,
 * until the signal. Errors in a definition or its code are reported; dev waits for the fix.
 */
export async function dev(options: DevOptions): Promise<void> {
  const { own, release } = linked(options.signal);
  const parts = await start({ ...options, signal: own.signal });
  const { definitions, changes, engine, follow, happened } = parts;
  try {
    while (!own.signal.aborted) {
      for (const file of definitions.due())
        if (engine.answers()) definitions.applied(file, await applyFile(file, options, parts));
      await pruneApplied(options, parts);
      await handle(await happened.next(), parts);
    }
  } finally {
    // Abort after a bug too: otherwise it would stay hidden until Ctrl-C.
    own.abort();
    release();
    parts.inspector?.close();
    await changes.close();
    await engine.ended;
    await follow.ended();
  }
}

type Parts = Awaited<ReturnType<typeof start>>;

/** The parts of dev, each with its own state. */
async function start({ definitions: given, endpoint, inspect, signal, onEvent }: DevOptions) {
  const notice = (noticed: WithoutTime<Noticed>) => onEvent({ ...noticed, at: Date.now() } as Noticed);
  const folder = 'folder' in given ? given.folder : undefined;
  const files = 'folder' in given ? await findDefinitions(given.folder) : given;
  const inspector = inspect === undefined ? undefined : await openInspector(endpoint, inspect, files);
  const definitions = new Definitions(files);
  notice({ type: 'watching', definitions: [...files], ...(folder !== undefined && { folder }) });
  const happened = inbox<string | EngineNews>(signal);
  const onProblem = (error: unknown) => notice({ type: 'problem', problem: problemOf(error) });
  const changes = watchChanges(folder, { onChange: happened.put, onProblem });
  const runs = oneAtATime(signal);
  const engine = await watchEngine(endpoint, signal, (news) => {
    notice({ ...news, endpoint });
    happened.put(news);
    if (!isLoss(news)) return;
    runs.end(new AbortedError('The engine was restarted.'));
    follow.forget();
  });
  const follow = new Follower({ endpoint, signal, onSeen: onEvent, onProblem, engineAnswers: engine.answersNow });
  const loaded = new Map<string, DeclaredPipeline>();
  const applied = new Map<string, { runnable: Runnable; isPruned: boolean }>();
  return { signal, notice, folder, definitions, happened, changes, runs, engine, follow, loaded, applied, inspector };
}

async function openInspector(endpoint: string, port: number, files: readonly string[]): Promise<Inspector> {
  // dev reports a definition that does not load later, and waits for its fix.
  const loaded = await Promise.all(files.map((file) => loadDefinition(file).catch(() => undefined)));
  await checkInspectPorts(port, loaded.flatMap((each) => (each ? inspectable(each.pipeline) : [])).length);
  return new Inspector(endpoint, port);
}

/** Handles changed paths and news from the engine. */
async function handle(items: readonly (string | EngineNews)[], parts: Parts): Promise<void> {
  const { definitions, folder, follow, notice, signal } = parts;
  if (folder !== undefined && !signal.aborted) definitions.replace(await definitionsIn(folder)).forEach(notice);
  const paths = definitions.changed(items.filter((item) => typeof item === 'string'));
  if (paths.length > 0) notice({ type: 'changed', paths });
  for (const item of items) {
    if (typeof item === 'string' || item.type === 'engine-away') continue;
    definitions.engineBack(isLoss(item));
    follow.resume();
  }
}

/** Applies a definition; resolves to whether it is ready. */
function applyFile(file: string, { endpoint, onEvent }: DevOptions, parts: Parts): Promise<boolean> {
  const { runs, follow, engine, notice, applied, inspector } = parts;
  return runs.run(async (signal) => {
    try {
      const runnable = await load(file, parts);
      await inspector?.add(runnable.pipeline);
      const result = await apply(runnable, { endpoint, signal, onEvent });
      if (!signal.aborted) follow.add(runnable, result);
      if (result.ok) applied.set(file, { runnable, isPruned: false });
      if (result.ok && inspector) await startInspected(inspector, runnable, signal, notice);
      return result.ok && !signal.aborted;
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      // An engine that does not answer is reported separately.
      if ((await engine.answersNow()) && !signal.aborted)
        notice({ type: 'problem', problem: problemOf(error), definition: file });
      return false;
    }
  });
}

async function startInspected(
  inspector: Inspector,
  { pipeline }: Runnable,
  signal: AbortSignal,
  notice: (noticed: WithoutTime<Noticed>) => void,
): Promise<void> {
  const onProblem = (problem: string) => notice({ type: 'problem', problem });
  for (const each of await inspector.start(pipeline, signal, onProblem)) notice({ type: 'inspected', ...each });
}

/**
 * Deletes mappings and functions that the applied definitions no longer declare, once all definitions are ready: a resource may
 * have moved to one that is not applied yet.
 */
async function pruneApplied({ endpoint, onEvent }: DevOptions, { definitions, applied, runs, engine, notice }: Parts) {
  if (!engine.answers() || !definitions.areReady()) return;
  const all = [...applied.values()];
  for (const each of all.filter(({ isPruned }) => !isPruned))
    each.isPruned = await runs.run(async (signal) => {
      try {
        const others = all.map(({ runnable }) => runnable.pipeline);
        return (await prune(each.runnable, { endpoint, signal, onEvent, prune: 'functions', others })).ok;
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        if ((await engine.answersNow()) && !signal.aborted) notice({ type: 'problem', problem: problemOf(error) });
        return false;
      }
    });
}

/** Loads a definition and watches its sources, as far as they can be read. */
async function load(file: string, parts: Parts): Promise<Runnable> {
  const { definitions, changes, loaded } = parts;
  const watch = (paths: string[]) => {
    definitions.addSources(file, paths);
    changes.add(paths);
  };
  watch(await ownSources(resolve(file)));
  const declared = await loadDefinition(file);
  watch(await namedSources(declared));
  loaded.set(file, declared);
  rejectClash(file, declared, parts);
  return loadRunnable(file);
}

/** Rejects a definition that declares what another one declares, until either changes. */
function rejectClash(file: string, declared: DeclaredPipeline, { definitions, loaded }: Parts): void {
  for (const other of definitions.others(file)) {
    const found = loaded.get(other);
    try {
      if (found) checkTogether([found, declared]);
    } catch (error) {
      definitions.addSources(file, [resolve(other)]);
      throw error;
    }
  }
}

/** A missing or empty folder has no definitions. */
function definitionsIn(folder: string): Promise<string[]> {
  return findDefinitions(folder).catch((error): string[] => {
    if (error instanceof InvalidInputError) return [];
    throw error;
  });
}

const problemOf = (error: unknown) => (error instanceof ExpectedError ? error.message : failureText(error));
