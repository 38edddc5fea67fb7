import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { COMPOSE_ENGINES, ENGINE_NAMES } from '../features/init/engines.ts';
import type { Proposal } from '../features/init/propose.ts';
import { readProject } from '../features/init/read-project.ts';
import type { ProductName } from '../runtime/engine/engine.ts';
import { PRODUCTS } from '../runtime/engine/products.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { mkdir, writeFile } from '../runtime/file-system.ts';
import { print } from './options.ts';

interface Options {
  name: string;
  engine: ProductName;
  yes?: boolean;
  dryRun?: boolean;
}

export function initCommand(): Command {
  return new Command('init')
    .summary('add a pipeline to the project in this folder')
    .description('Adds a definition, its function and an engine with a health check to the project in this folder.')
    .option('--name <name>', 'name of the stream and the bucket', 'events')
    .addOption(
      new Option('--engine <engine>', 'engine to add, if the compose file has none')
        .choices(ENGINE_NAMES)
        .default('localstack'),
    )
    .option('-y, --yes', 'write without asking (default: ask)')
    .option('--dry-run', 'show the changes and write nothing')
    .addHelpText(
      'after',
      `\nAdds new files, and lines to the compose file, .gitattributes and .gitignore.\nOverwrites nothing.\nAn engine that the compose file has is recognised by its image. Those of ${withoutNode}\nhave no Node.js: a second service runs the hooks there.\n\nExamples:\n  npx ready-hooks init\n  npx ready-hooks init --name orders --yes`,
    )
    .action(async ({ name, engine, yes, dryRun }: Options) => {
      const { propose } = await import('../features/init/propose.ts');
      const proposal = propose(await readProject('.'), name, engine);
      printProposal(proposal);
      if (dryRun || proposal.writes.length === 0) return;
      if (!yes && !(await confirmed())) return print('Nothing was written.');
      for (const { path, text } of proposal.writes) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      print(`\nWritten. Next:\n${proposal.next.map((command) => `  ${command}`).join('\n')}`);
    });
}

const withoutNode = ENGINE_NAMES.filter((name) => !COMPOSE_ENGINES[name].hasNode)
  .map((name) => PRODUCTS[name].title)
  .join(' and ');

function printProposal({ writes, notes }: Proposal): void {
  for (const { path, isNew, content } of writes) print(`${isNew ? '+' : '~'} ${path} (${content})`);
  for (const text of notes) print(text);
  if (writes.length === 0) print('Nothing to write: everything exists already.');
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new InvalidInputError(
      'Not a terminal, so init cannot ask. Nothing was written; pass --yes to write, or --dry-run to preview.',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('\nWrite these files? [Y/n] ').finally(() => terminal.close());
  return /^(y(es)?)?$/i.test(answer.trim());
}
