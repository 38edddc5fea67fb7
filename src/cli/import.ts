import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { docsPage } from './docs-page.ts';
import { accountOption, DEFINITIONS_DIR, print, regionOption } from './options.ts';

interface Options {
  out?: string;
  parameter?: Map<string, string>;
  code?: Map<string, string>;
  region: string;
  account: string;
}

export function importCommand(): Command {
  return new Command('import')
    .summary('import a CloudFormation or SAM template as a definition')
    .description('Writes a definition from a CloudFormation or SAM template (YAML or JSON) or a resources.json.')
    .argument('<template>', 'a .yaml, .yml, .json or .template file')
    .option(
      '--out <file>',
      'definition to write, .ts, .js or .json (default: init/10-<template>.ts, or its own number)',
    )
    .option('--parameter <name=value>', 'value of a template parameter; repeatable (default: its own default)', pair)
    .option(
      '--code <id=path>',
      'folder, zip or source file of the function with this logical ID; repeatable (default: the path in the template)',
      pair,
    )
    .addOption(regionOption('value of AWS::Region, and region of the definition').default('us-east-1'))
    .addOption(accountOption('value of AWS::AccountId, and account of the definition').default('000000000000'))
    .addHelpText(
      'after',
      `\nConverts streams, functions, event source mappings and buckets, and lists everything that it\nleaves out. Overwrites nothing.\nEvery field is explained in ${docsPage('docs/cloudformation.md')}.\n\nExamples:\n  npx ready-hooks import template.yaml --out init/10-orders.ts\n  npx ready-hooks import cdk.out/Orders.template.json --parameter Stage=test --code Writer=src/writer.ts`,
    )
    .action(async (template: string, { out, parameter = new Map(), code = new Map(), ...place }: Options) => {
      const file = out ?? definitionFor(template);
      const options = { ...place, out: file, parameters: parameter, codes: code };
      const { importTemplate } = await import('../cloudformation/import/import.ts');
      const { files, leftOut, notes } = await importTemplate(template, options);
      for (const each of files) print(`ready-hooks: wrote ${each}`);
      for (const note of notes) print(`  note: ${note}`);
      for (const each of leftOut) print(`  left out: ${each}`);
      print(`Next:\n  npx ready-hooks plan ${file}`);
    });
}

function pair(text: string, before = new Map<string, string>()): Map<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (!name || value === undefined) throw new InvalidArgumentError('expected NAME=VALUE.');
  return new Map([...before, [name, value]]);
}

/** The definition to write for a template; its number orders the hooks. */
export function definitionFor(template: string): string {
  const name = basename(template)
    .replace(/\..*$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${DEFINITIONS_DIR}/${/^\d+-/.test(name) ? '' : '10-'}${name}.ts`;
}
