import { Command } from 'commander';
import { apply } from '../apply/pipeline.ts';
import { loadRunnable } from '../library.ts';
import { jsonRenderer } from '../report/json-lines.ts';
import { logRenderer } from '../report/log.ts';
import { endpointOption, jsonOption, print } from './options.ts';
import { stopSignal } from './run.ts';

export function applyCommand(): Command {
  return new Command('apply')
    .summary('bring a pipeline up, or up to date, from outside the engine')
    .description(
      'Brings a pipeline up in a running engine, the same as its hook does inside. A run that finds nothing to change changes nothing.',
    )
    .argument('<definition>', 'a .ts, .js or .json file')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ready-hooks apply init/10-hallow-events.ts --endpoint http://localhost:4566')
    .action(async (file: string, { endpoint, json }: { endpoint?: string; json?: boolean }) => {
      const onEvent = json ? jsonRenderer(print) : logRenderer(print);
      const result = await apply(await loadRunnable(file), { endpoint, onEvent, signal: stopSignal() });
      if (!result.ok) process.exitCode = 1;
    });
}
