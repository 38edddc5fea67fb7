import { Command } from 'commander';
import { build } from '../build/ready-d/build.ts';
import { DEFINITIONS_DIR, definitionsOrAll, print } from './options.ts';

export function buildCommand(): Command {
  return new Command('build')
    .summary('turn definitions into ready hooks')
    .description(
      'Turns definitions into hooks for /etc/localstack/init/ready.d. Files it did not make are left alone; nothing is written when a definition is wrong.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .option('--out <dir>', 'the ready.d folder', `${DEFINITIONS_DIR}/ready.d`)
    .addHelpText('after', '\nExamples:\n  ready-hooks build\n  ready-hooks build pipelines/orders.ts --out ready.d')
    .action(async (named: string[], { out }: { out: string }) => {
      const result = await build({ definitions: await definitionsOrAll(named), outDir: out, onProgress: print });
      print(`ready-hooks: ${out} is built: ${result.summary}`);
    });
}
