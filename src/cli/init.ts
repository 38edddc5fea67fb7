import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { type Proposal, propose } from '../features/init/propose.ts';
import { lookAtProject } from '../features/init/read-project.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { print } from './options.ts';

interface Options {
  name: string;
  yes?: boolean;
  dryRun?: boolean;
}

export function initCommand(): Command {
  return new Command('init')
    .summary('add a pipeline to the project in this folder')
    .description(
      'Adds a definition with its function, the mount and the health check in the compose file, and lines in .gitattributes and .gitignore. What is there is kept: files are added, lines are put into them, nothing is overwritten.',
    )
    .option('--name <name>', 'name of the stream and the bucket', 'events')
    .option('--yes', 'write without asking')
    .option('--dry-run', 'tell what would be written, and write nothing')
    .addHelpText('after', '\nExamples:\n  ready-hooks init\n  ready-hooks init --name orders --yes')
    .action(async ({ name, yes, dryRun }: Options) => {
      const proposal = propose(await lookAtProject('.'), name);
      tell(proposal, dryRun || !yes ? 'would be' : 'is');
      if (dryRun || proposal.writes.length === 0) return;
      if (!yes && !(await confirmed())) return print('Nothing was written.');
      for (const { path, text } of proposal.writes) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      print(`\nWritten. Next:\n${proposal.next.map((command) => `  ${command}`).join('\n')}`);
    });
}

function tell({ writes, notes }: Proposal, is: string): void {
  for (const { path, isNew, why } of writes) print(`${path} ${is} ${isNew ? 'added' : 'changed'}: it ${why}`);
  for (const text of notes) print(text);
  if (writes.length === 0) print('Everything is there already: nothing to write.');
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new InvalidInputError(
      'This is no terminal to ask on, so nothing was written: add --yes, or --dry-run to look only.',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('\nWrite these? [Y/n] ').finally(() => terminal.close());
  return /^(y(es)?)?$/i.test(answer.trim());
}
