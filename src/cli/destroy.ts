import { Command } from 'commander';
import { loadResolved } from '../build/load/runnable.ts';
import { destroy } from '../runtime/apply/apply.ts';
import { logRenderer } from '../runtime/report/log.ts';
import { endpointOption, jsonOption, print, printJson } from './options.ts';
import { stopSignal } from './run.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  emptyBuckets?: boolean;
}

export function destroyCommand(): Command {
  return new Command('destroy')
    .summary('remove what a definition declares')
    .description(
      'Removes everything a definition declares, last first: mappings, functions, streams, buckets. What it declares as existing stays.',
    )
    .argument('<definition>', 'a .ts, .js or .json file')
    .option(
      '--empty-buckets',
      'also delete the objects in its buckets; without it, a bucket with objects stops it before anything is removed',
    )
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ready-hooks destroy init/10-hallow-events.ts --empty-buckets')
    .action(async (file: string, { endpoint, json, emptyBuckets = false }: Options) => {
      const onEvent = json ? printJson : logRenderer(print);
      const result = await destroy(await loadResolved(file), {
        endpoint,
        emptyBuckets,
        onEvent,
        signal: stopSignal(),
      });
      if (!result.ok) process.exitCode = 1;
    });
}
