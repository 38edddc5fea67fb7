import { Command } from 'commander';
import { build } from '../build/ready-d/build.ts';
import { DEFINITIONS_DIR, definitionsOrAll, print } from './options.ts';
import { live } from './terminal.ts';

export function buildCommand(): Command {
  return new Command('build')
    .summary('build ready hooks from definitions')
    .description('Builds hooks for /etc/localstack/init/ready.d from definitions.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .option('--out <dir>', 'the ready.d folder to write', `${DEFINITIONS_DIR}/ready.d`)
    .addHelpText(
      'after',
      '\nWrites nothing if a definition has an error. Leaves other files in the folder alone.\n\nExamples:\n  npx ready-hooks build\n  npx ready-hooks build pipelines/orders.ts --out ready.d',
    )
    .action(async (named: string[], { out }: { out: string }) => {
      live('building');
      const result = await build({ definitions: await definitionsOrAll(named), outDir: out, onProgress: print });
      print(`ready-hooks: built ${out}: ${result.summary}`);
    });
}
