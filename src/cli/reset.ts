import { Command } from 'commander';
import { loadRunnable } from '../build/load/runnable.ts';
import { definitionsOrAll, endpointOption, print, seconds } from './options.ts';
import { stopSignal } from './run.ts';
import { live } from './terminal.ts';

interface Options {
  endpoint?: string;
  discard?: boolean;
  timeout: number;
}

export function resetCommand(): Command {
  return new Command('reset')
    .summary('empty a pipeline for the next test')
    .description('Drains pipelines, empties their buckets and puts their seeds again, without deleting any resource.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .addOption(endpointOption())
    .option('--discard', 'drop the records that have not been handled (default: wait for them)')
    .option('--timeout <time>', 'time limit: seconds, or a duration such as 30s or 5m', seconds, 30)
    .addHelpText(
      'after',
      '\nDeletes every object in the buckets of the definitions.\n\nExamples:\n  npx ready-hooks reset\n  npx ready-hooks reset init/10-hallow-events.ts --discard',
    )
    .action(async (named: string[], { endpoint, discard, timeout }: Options) => {
      const signal = stopSignal();
      const pipelines = await Promise.all((await definitionsOrAll(named)).map((file) => loadRunnable(file)));
      const { withTargets } = await import('../features/testing/open.ts');
      const { reset } = await import('../features/testing/reset.ts');
      await withTargets(pipelines, { endpoint, signal }, async (target) => {
        live(`resetting ${target.name}`);
        const startedAt = performance.now();
        await reset(target, { discard, timeoutMs: timeout * 1_000, signal });
        print(`ready-hooks: ${target.name} is reset after ${((performance.now() - startedAt) / 1_000).toFixed(2)} s`);
      });
    });
}
