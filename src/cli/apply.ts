import { Command } from 'commander';
import { checkTogether } from '../build/load/load.ts';
import { loadRunnable } from '../build/load/runnable.ts';
import { outputFiles } from '../features/outputs/file.ts';
import { apply, type Runnable } from '../runtime/apply/apply.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import type { Event } from '../runtime/report/events.ts';
import { logRenderer } from '../runtime/report/log.ts';
import { timelineFile } from '../runtime/report/timeline-file.ts';
import { definitionsOrAll, endpointOption, jsonOption, note, print, printJson } from './options.ts';
import { stopSignal } from './run.ts';
import { refuseUnwritable } from './writable.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  timeline?: string;
  outputs: string[];
}

export function applyCommand(): Command {
  return new Command('apply')
    .summary('bring pipelines up, or up to date, from outside the engine')
    .description(
      'Brings pipelines up in a running engine, one after the other, the same as their hooks do inside. It ends at the first that fails. A run that finds nothing to change changes nothing.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .addOption(endpointOption())
    .option('--timeline <file>', 'write when each step worked and waited: .svg for a picture, else text')
    .option(
      '--outputs <file>',
      'when all is ready, write endpoint, names, ARNs and mapping UUIDs: .json, or .env for NAME=value; can be repeated',
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks apply\n  ready-hooks apply init/10-hallow-events.ts --endpoint http://localhost:4566\n  ready-hooks apply init/10-hallow-events.ts --outputs .env.local',
    )
    .action(async (named: string[], options: Options) => {
      const files = await definitionsOrAll(named);
      if (files.length > 1 && (options.timeline || options.outputs.length > 0))
        throw new InvalidInputError(
          `--timeline and --outputs are of one pipeline, expected one definition: ${files.join(', ')}.`,
        );
      const loaded = await loadTogether(files);
      const written = await checkFiles(loaded, options);
      const failed = await applyInTurn(loaded, written, options);
      if (failed === undefined) return;
      process.exitCode = 1;
      const left = files.slice(failed + 1);
      if (left.length > 0) note(`ready-hooks: not applied, since ${files[failed]} failed: ${left.join(', ')}`);
    });
}

async function loadTogether(files: string[]): Promise<Runnable[]> {
  const loaded: (Runnable & { file: string })[] = [];
  for (const file of files) loaded.push({ ...(await loadRunnable(file)), file });
  checkTogether(loaded);
  return loaded;
}

async function checkFiles(loaded: Runnable[], { outputs, timeline }: Options) {
  const written = loaded.map(({ pipeline }) => outputFiles(outputs, pipeline));
  for (const file of [...outputs, ...(timeline ? [timeline] : [])]) await refuseUnwritable(file);
  return written;
}

/** Gives the index of the pipeline that failed; undefined when all are ready. */
async function applyInTurn(
  loaded: Runnable[],
  written: Awaited<ReturnType<typeof checkFiles>>,
  { endpoint, json, timeline }: Options,
): Promise<number | undefined> {
  const render = json ? printJson : logRenderer(print);
  const chart = timeline ? timelineFile(timeline) : undefined;
  const onEvent = (event: Event) => {
    render(event);
    chart?.onEvent(event);
  };
  const signal = stopSignal();
  for (const [index, runnable] of loaded.entries()) {
    const { ok } = await apply(runnable, { endpoint, onEvent, signal });
    await chart?.write();
    if (!ok) return index;
    await written[index]?.write(endpoint);
  }
  return undefined;
}
