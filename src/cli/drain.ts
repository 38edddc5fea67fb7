import { Command } from 'commander';
import { loadResolved } from '../build/load/runnable.ts';
import { definitionsOrAll, endpointOption, print, seconds } from './options.ts';
import { stopSignal } from './run.ts';
import { live } from './terminal.ts';

export function drainCommand(): Command {
  return new Command('drain')
    .summary('wait until every record has been handled')
    .description('Waits until each record put so far has been handled by each mapping of its stream.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .addOption(endpointOption())
    .option('--timeout <time>', 'time limit: seconds, or a duration such as 30s or 5m', seconds, 30)
    .addHelpText(
      'after',
      '\nNeeds functions with an entry: they report when they have handled their records.\nRecords that a mapping gives up count as handled.\n\nExamples:\n  npx ready-hooks drain\n  npx ready-hooks drain init/10-hallow-events.ts --timeout 5',
    )
    .action(async (named: string[], { endpoint, timeout }: { endpoint?: string; timeout: number }) => {
      const signal = stopSignal();
      // Neither bundles functions nor reads seeds.
      const resolved = await Promise.all((await definitionsOrAll(named)).map((file) => loadResolved(file)));
      const pipelines = resolved.map((each) => ({ ...each, codes: new Map() }));
      const { withTargets } = await import('../features/testing/open.ts');
      const { drain } = await import('../features/testing/drain.ts');
      await withTargets(pipelines, { endpoint, signal }, async (target) => {
        live(`draining ${target.name}`);
        const startedAt = performance.now();
        await drain(target, { timeoutMs: timeout * 1_000, signal });
        print(`ready-hooks: ${target.name} is drained after ${((performance.now() - startedAt) / 1_000).toFixed(2)} s`);
      });
    });
}
