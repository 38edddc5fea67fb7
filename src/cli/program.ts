import { Command } from 'commander';
import { printable } from '../runtime/printable.ts';
import { applyCommand } from './apply.ts';
import { buildCommand } from './build.ts';
import { completionCommand } from './completion.ts';
import { destroyCommand } from './destroy.ts';
import { devCommand } from './dev.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { drainCommand } from './drain.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { addEndpointAlias, addEndpointWarning, addVerbose } from './options.ts';
import { planCommand } from './plan.ts';
import { resetCommand } from './reset.ts';
import { sendCommand } from './send.ts';
import { statusCommand } from './status.ts';
import { withMeant } from './suggestions.ts';
import { tailCommand } from './tail.ts';
import { upCommand } from './up.ts';
import { validateCommand } from './validate.ts';
import { VERSION } from './version.ts';

/**
 * The `ready-hooks` command line. A command imports what needs the SDK when it runs: help and errors in the command line or a definition
 * need not wait for it.
 */
export function program(): Command {
  const root = new Command('ready-hooks')
    .description('Creates Kinesis → Lambda → S3 pipelines in LocalStack each time it starts; ready means delivering.')
    .version(VERSION, '-v, --version')
    // So that `up --version` is not the version of ready-hooks.
    .enablePositionalOptions()
    .configureOutput({
      writeErr: (text) => void process.stderr.write(printable(text)),
      outputError: (text, write) => write(withMeant(text)),
    })
    .showHelpAfterError('See `npx ready-hooks --help`.')
    .addHelpText('after', '\nExamples:\n  npx ready-hooks init\n  npx ready-hooks build\n  npx ready-hooks up')
    .addHelpText(
      'afterAll',
      '\nExit codes: 0 success, 1 failure, 2 invalid usage (or changes, with plan --detailed-exitcode), 130 stopped by Ctrl-C, 143 by SIGTERM.',
    );
  const commands = [
    initCommand(),
    buildCommand(),
    validateCommand(),
    planCommand(),
    applyCommand(),
    destroyCommand(),
    devCommand(),
    sendCommand(),
    tailCommand(),
    drainCommand(),
    resetCommand(),
    statusCommand(),
    doctorCommand(),
    upCommand(),
    downCommand(),
    exportCommand(),
    importCommand(),
    completionCommand(() => root),
  ];
  for (const command of commands.filter(({ options }) => options.some(({ long }) => long === '--endpoint'))) {
    addEndpointAlias(command);
    addVerbose(command);
    addEndpointWarning(command);
  }
  for (const command of commands) {
    command.copyInheritedSettings(root).showHelpAfterError(`See \`npx ready-hooks ${command.name()} --help\`.`);
    root.addCommand(command);
  }
  for (const command of [root, ...commands]) command.exitOverride();
  return root;
}
