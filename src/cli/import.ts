import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { importTemplate } from '../cloudformation/import/import.ts';
import { docsPage } from './docs-page.ts';
import { DEFINITIONS_DIR, print } from './options.ts';

interface Options {
  out?: string;
  parameter: Map<string, string>;
  code: Map<string, string>;
  region: string;
  account: string;
}

export function importCommand(): Command {
  return new Command('import')
    .summary('turn a CloudFormation or SAM template into a definition')
    .description(
      `Writes a definition with the streams, functions, event source mappings and buckets of a CloudFormation or SAM template (YAML or JSON), or of a resources.json, and tells what of it is left out. Nothing is overwritten. ${docsPage('docs/cloudformation.md')} tells every field.`,
    )
    .argument('<template>', 'a .yaml, .yml, .json or .template file')
    .option('--out <file>', 'the definition, .ts, .js or .json (default: init/10-<template>.ts)')
    .option('--parameter <name=value>', 'a parameter of the template; can be repeated', pair, new Map())
    .option(
      '--code <id=path>',
      'folder, zip or source file of a function, by logical id; can be repeated',
      pair,
      new Map(),
    )
    .option('--region <region>', 'what AWS::Region is, and the region of the definition', 'us-east-1')
    .option('--account <id>', 'what AWS::AccountId is, and the account of the definition', '000000000000')
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks import template.yaml --out init/10-orders.ts\n  ready-hooks import cdk.out/Orders.template.json --parameter Stage=test --code Writer=src/writer.ts',
    )
    .action(async (template: string, { out, parameter, code, ...place }: Options) => {
      const name = basename(template)
        .replace(/\..*$/, '')
        .replace(/[^A-Za-z0-9_-]+/g, '-');
      const file = out ?? `${DEFINITIONS_DIR}/10-${name}.ts`;
      const options = { ...place, out: file, parameters: parameter, codes: code };
      const { files, leftOut, notes } = await importTemplate(template, options);
      for (const each of files) print(`ready-hooks: ${each} is written`);
      for (const note of notes) print(`  note: ${note}`);
      for (const each of leftOut) print(`  left out: ${each}`);
      print(`Next:\n  ready-hooks plan ${file}`);
    });
}

function pair(text: string, before: Map<string, string>): Map<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (!name || value === undefined) throw new InvalidArgumentError('expected NAME=VALUE.');
  return new Map([...before, [name, value]]);
}
