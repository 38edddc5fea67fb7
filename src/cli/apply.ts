import { Command } from 'commander';
import { apply } from '../apply/pipeline.ts';
import { loadRunnable } from '../library.ts';
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
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ready-hooks apply init/10-hallow-events.ts --endpoint http://localhost:4566')
    .action(async (file: string, { endpoint, json, timeline }: Options) => {
      const render = json ? jsonRenderer(print) : logRenderer(print);
      const chart = timeline ? timelineFile(timeline) : undefined;
      const onEvent = (event: Event) => {
        render(event);
        chart?.onEvent(event);
      };
      const result = await apply(await loadRunnable(file), { endpoint, onEvent, signal: stopSignal() });
      await chart?.write();
      if (!result.ok) process.exitCode = 1;
    });
}
