import { Command } from 'commander';
import { checkTogether } from '../build/load/check-together.ts';
import { loadRunnable } from '../build/load/runnable.ts';
import { counted } from '../features/counted.ts';
import { planSteps } from '../runtime/plan.ts';
import { definitionsOrAll, print } from './options.ts';
import { live } from './terminal.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .alias('check')
    .summary('check definitions without an engine')
    .description('Checks definitions, the code of their functions and their seeds, without an engine.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .addHelpText(
      'after',
      '\nMakes the checks of build and apply, and writes nothing.\n\nExamples:\n  npx ready-hooks validate\n  npx ready-hooks validate init/10-hallow-events.ts',
    )
    .action(async (named: string[]) => {
      const files = await definitionsOrAll(named);
      live(`checking ${files.join(', ')}`);
      const loaded = await Promise.all(files.map(async (file) => ({ ...(await loadRunnable(file)), file })));
      checkTogether(loaded);
      for (const { file, pipeline } of loaded)
        print(`${file}: valid, ${counted(planSteps(pipeline).length, 'resource')}`);
    });
}
