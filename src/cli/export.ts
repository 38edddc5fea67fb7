import { Argument, Command, Option } from 'commander';
import { type ExportOptions, exportCloudFormation } from '../cloudformation/export/export.ts';
import { docsPage } from './docs-page.ts';
import { definitionsOrAll, print } from './options.ts';

interface Options extends Pick<ExportOptions, 'format' | 'force'> {
  out: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .summary('turn a pipeline into a CloudFormation template')
    .description(
      `Turns each definition into a CloudFormation template with the zips of its functions beside it, and prints the commands of the AWS CLI that deploy it. Nothing is sent to AWS. What has no counterpart there is said. ${docsPage('docs/cloudformation.md')} tells every field.`,
    )
    .addArgument(new Argument('<target>', 'what to make: cloudformation').choices(['cloudformation']))
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .option('--out <dir>', 'the folder for templates and zips', 'cloudformation')
    .addOption(new Option('--format <format>', 'of the template').choices(['yaml', 'json']).default('yaml'))
    .option('--force', 'overwrite files that differ')
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks export cloudformation init/10-hallow-events.ts\n  ready-hooks export cloudformation --out infra --format json',
    )
    .action(async (_target: string, named: string[], { out, ...options }: Options) => {
      const definitions = await definitionsOrAll(named);
      const exported = await exportCloudFormation({ ...options, definitions, outDir: out, env: process.env });
      for (const { template, notes, commands } of exported) {
        print(`ready-hooks: ${template} is written`);
        for (const note of notes) print(`  note: ${note}`);
        print('Deploy it, with the name of a bucket of yours in its region as CODE_BUCKET:');
        for (const command of commands) print(`  ${command}`);
      }
    });
}
