import { Command } from 'commander';
import { checkTogether } from '../build/load/check-together.ts';
import { loadRunnable } from '../build/load/runnable.ts';
import type { Runnable } from '../runtime/apply/apply.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import type { Event } from '../runtime/report/events.ts';
import { logRenderer } from '../runtime/report/log.ts';
import { timelineFile } from '../runtime/report/timeline-file.ts';
import { printEvent, startJsonLines } from './json.ts';
import { definitionsOrAll, endpointOption, jsonLinesOption, note, print } from './options.ts';
import { stopSignal } from './run.ts';
import { endLive, live, paint } from './terminal.ts';
import { checkWritable } from './writable.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  timeline?: string;
  outputs?: string[];
  prune?: boolean;
  pruneData?: boolean;
}

export function applyCommand(): Command {
  return new Command('apply')
    .summary('create or update pipelines in a running engine')
    .description('Creates or updates pipelines in a running engine, the same way as their hooks do inside it.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .addOption(endpointOption())
    .option(
      '--timeline <file>',
      'write a timeline of every step: a picture if the name ends in .svg, otherwise text (default: none)',
    )
    .option(
      '--outputs <file>',
      'write the endpoint, names, ARNs and mapping UUIDs once everything is ready, as .json or .env; repeatable (default: none)',
      (file: string, before: string[] = []) => [...before, file],
    )
    .option(
      '--prune',
      'then delete mappings and functions that these pipelines made and no longer declare (default: only name them)',
    )
    .option('--prune-data', 'like --prune, and delete such streams and buckets too, with their records and objects')
    .addOption(jsonLinesOption())
    .hook('preAction', startJsonLines)
    .addHelpText(
      'after',
      '\nApplies one pipeline after the other and stops at the first failure.\nSafe to re-run: unchanged resources are left alone.\nA pipeline is identified by the name of its file. Resources that something else made or uses are never pruned.\n\nExamples:\n  npx ready-hooks apply\n  npx ready-hooks apply init/10-hallow-events.ts --endpoint http://localhost:4566\n  npx ready-hooks apply init/10-hallow-events.ts --outputs .env.local\n  npx ready-hooks apply --prune',
    )
    .action(async (named: string[], options: Options) => {
      const files = await definitionsOrAll(named);
      if (files.length > 1 && (options.timeline || options.outputs))
        throw new InvalidInputError(
          `--timeline and --outputs need exactly one definition, got ${files.length}: ${files.join(', ')}. Name one.`,
        );
      live(`loading ${files.join(', ')}`);
      const loaded = await loadTogether(files);
      const written = await checkFiles(loaded, options);
      const failed = await applyInTurn(loaded, written, options);
      if (failed === undefined) return pruneInTurn(loaded, options);
      process.exitCode = 1;
      const left = files.slice(failed + 1);
      if (left.length > 0) note(`ready-hooks: not applied because ${files[failed]} failed: ${left.join(', ')}`);
    });
}

/** Once all are ready, so that a resource that moved from one to another is not left over. */
async function pruneInTurn(loaded: Runnable[], { endpoint, json, prune: functions, pruneData }: Options) {
  const { prune } = await import('../runtime/apply/prune.ts');
  const wanted = pruneData ? 'data' : functions ? 'functions' : undefined;
  const onEvent = json ? printEvent : logRenderer(print, paint);
  const others = loaded.map(({ pipeline }) => pipeline);
  for (const runnable of loaded) {
    const { ok } = await prune(runnable, { endpoint, onEvent, signal: stopSignal(), prune: wanted, others });
    if (!ok) process.exitCode = 1;
  }
}

async function loadTogether(files: string[]): Promise<Runnable[]> {
  const loaded: (Runnable & { file: string })[] = [];
  for (const file of files) loaded.push({ ...(await loadRunnable(file)), file });
  checkTogether(loaded);
  return loaded;
}

async function checkFiles(loaded: Runnable[], { outputs = [], timeline }: Options) {
  const { outputFiles } = await import('../features/outputs/file.ts');
  const written = loaded.map(({ pipeline }) => outputFiles(outputs, pipeline));
  for (const file of [...outputs, ...(timeline ? [timeline] : [])]) await checkWritable(file);
  return written;
}

/** Returns the index of the pipeline that failed; undefined if all are ready. */
async function applyInTurn(
  loaded: Runnable[],
  written: Awaited<ReturnType<typeof checkFiles>>,
  { endpoint, json, timeline, outputs = [] }: Options,
): Promise<number | undefined> {
  const { apply } = await import('../runtime/apply/apply.ts');
  const render = json ? printEvent : logRenderer(print, paint);
  const say = json ? note : print;
  const showPending = pendingSteps();
  const chart = timeline ? timelineFile(timeline) : undefined;
  const onEvent = (event: Event) => {
    render(event);
    showPending(event);
    chart?.onEvent(event);
  };
  const signal = stopSignal();
  for (const [index, runnable] of loaded.entries()) {
    live(`connecting for ${runnable.name}`);
    const { ok } = await apply(runnable, { endpoint, onEvent, signal });
    await chart?.write();
    if (timeline) say(`ready-hooks: wrote ${timeline}`);
    if (!ok) return index;
    await written[index]?.write(endpoint);
    for (const file of outputs) say(`ready-hooks: wrote ${file}`);
  }
  return undefined;
}

/** Keeps a live line of the steps that are not finished. */
function pendingSteps(): (event: Event) => void {
  const pending = new Set<string>();
  return (event) => {
    if (event.type === 'end') return endLive();
    if (!('step' in event)) return;
    if (event.type === 'step-ready' || event.type === 'step-failed') pending.delete(event.step);
    else if (event.type === 'step-started') pending.add(event.step);
    else return;
    if (pending.size > 0) live(`waiting for ${[...pending].join(', ')}`);
  };
}
