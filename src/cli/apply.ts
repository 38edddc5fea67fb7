import { Command } from 'commander';
import { apply } from '../apply/pipeline.ts';
import { loadRunnable } from '../library.ts';
import { outputFiles } from '../outputs/file.ts';
import type { Event } from '../report/events.ts';
import { jsonRenderer } from '../report/json-lines.ts';
import { logRenderer } from '../report/log.ts';
import { timelineFile } from '../report/timeline-file.ts';
import { endpointOption, jsonOption, print } from './options.ts';
import { stopSignal } from './run.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  timeline?: string;
  outputs: string[];
}

export function applyCommand(): Command {
  return new Command('apply')
    .summary('bring a pipeline up, or up to date, from outside the engine')
    .description(
      'Brings a pipeline up in a running engine, the same as its hook does inside. A run that finds nothing to change changes nothing.',
    )
    .argument('<definition>', 'a .ts, .js or .json file')
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
      '\nExamples:\n  ready-hooks apply init/10-hallow-events.ts --endpoint http://localhost:4566\n  ready-hooks apply init/10-hallow-events.ts --outputs .env.local',
    )
    .action(async (file: string, { endpoint, json, timeline, outputs }: Options) => {
      const runnable = await loadRunnable(file);
      const files = outputFiles(outputs, runnable.pipeline);
      const render = json ? jsonRenderer(print) : logRenderer(print);
      const chart = timeline ? timelineFile(timeline) : undefined;
      const onEvent = (event: Event) => {
        render(event);
        chart?.onEvent(event);
      };
      const result = await apply(runnable, { endpoint, onEvent, signal: stopSignal() });
      await chart?.write();
      if (result.ok) await files.write(endpoint);
      else process.exitCode = 1;
    });
}
