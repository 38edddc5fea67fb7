import { Command } from 'commander';
import { loadResolved } from '../build/load/runnable.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { logRenderer } from '../runtime/report/log.ts';
import { printEvent, startJsonLines } from './json.ts';
import { definitionsOrAll, endpointOption, jsonLinesOption, print } from './options.ts';
import { stopSignal } from './run.ts';
import { live, paint } from './terminal.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  emptyBuckets?: boolean;
}

export function destroyCommand(): Command {
  return new Command('destroy')
    .summary('delete the resources of a definition')
    .description(
      'Deletes every resource that a definition declares, or made and no longer declares, in reverse order of creation.',
    )
    .argument('<definition>', 'a .ts, .js or .json file, or the name of its hook')
    .option(
      '--empty-buckets',
      'also delete the objects in its buckets (default: delete nothing at all if a bucket holds objects)',
    )
    .addOption(endpointOption())
    .addOption(jsonLinesOption())
    .hook('preAction', startJsonLines)
    .addHelpText(
      'after',
      '\nDeletes mappings first, then functions, streams and buckets.\nKeeps resources that are declared as existing.\n\nExample:\n  npx ready-hooks destroy init/10-hallow-events.ts --empty-buckets',
    )
    .action(async (file: string, { endpoint, json, emptyBuckets = false }: Options) => {
      const onEvent = json ? printEvent : logRenderer(print, paint);
      const [definition = file, ...others] = await definitionsOrAll([file]);
      if (others.length > 0)
        throw new InvalidInputError(
          `${file} holds ${others.length + 1} definitions: ${[definition, ...others].join(', ')}. Name one, as destroy deletes its resources.`,
        );
      live(`deleting what ${definition} declares`);
      const resolved = await loadResolved(definition);
      const { destroy } = await import('../runtime/apply/apply.ts');
      const result = await destroy(resolved, { endpoint, emptyBuckets, onEvent, signal: stopSignal() });
      if (!result.ok) process.exitCode = 1;
    });
}
