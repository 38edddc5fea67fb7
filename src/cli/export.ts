import { Argument, Command, Option } from 'commander';
import type { ExportOptions } from '../cloudformation/export/export.ts';
import { docsPage } from './docs-page.ts';
import { definitionsOrAll, print } from './options.ts';

interface Options extends Pick<ExportOptions, 'format' | 'force'> {
  out: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .summary('export pipelines as CloudFormation templates')
    .description('Exports each definition as a CloudFormation template, with the zips of its functions beside it.')
    .addArgument(new Argument('<target>', 'export format').choices(['cloudformation']))
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .option('--out <dir>', 'folder for templates and zips', 'cloudformation')
    .addOption(new Option('--format <format>', 'format of the template').choices(['yaml', 'json']).default('yaml'))
    .option('--force', 'overwrite files that differ (default: stop)')
    .addHelpText(
      'after',
      `\nPrints the AWS CLI commands that deploy the template, and notes on settings that it cannot\nexpress. Sends nothing to AWS.\nEvery field is explained in ${docsPage('docs/cloudformation.md')}.\n\nExamples:\n  npx ready-hooks export cloudformation init/10-hallow-events.ts\n  npx ready-hooks export cloudformation --out infra --format json`,
    )
    .action(async (_target: string, named: string[], { out, ...options }: Options) => {
      const definitions = await definitionsOrAll(named);
      const { exportCloudFormation } = await import('../cloudformation/export/export.ts');
      const exported = await exportCloudFormation({ ...options, definitions, outDir: out, env: process.env });
      for (const { template, notes, commands } of exported) {
        print(`ready-hooks: wrote ${template}`);
        for (const note of notes) print(`  note: ${note}`);
        print('To deploy it, set CODE_BUCKET to the name of your bucket in the same region, and run:');
        for (const command of commands) print(`  ${command}`);
      }
    });
}
