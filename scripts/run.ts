import { Command, InvalidArgumentError } from 'commander';
import { runProgram, stopSignal } from '../src/cli/run.ts';

// Under Node below 22 the SDK prints a warning at the first client.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A script of package.json, as the command line has its commands: `--help`, and options that are refused before anything is done. */
export function script(npmCommand: string, description: string): Command {
  return new Command(`${npmCommand} --`)
    .description(description)
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride();
}

/** Runs a script's work: a failure is told as the command line tells it, and ends with the same codes. */
export async function runScript<Options>(
  command: Command,
  work: (options: Options, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  command.action((options: Options) => work(options, stopSignal()));
  process.exitCode = await runProgram(command, process.argv);
}

/** A whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on.');
  return Number(text);
}

/** A regular expression, whatever the case. */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(`expected a regular expression: ${(error as Error).message}.`);
  }
}
