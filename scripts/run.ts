import '../bin/check-node.mjs';
import { Command, InvalidArgumentError } from 'commander';
import { runProgram, stopSignal } from '../src/cli/run.ts';

// Under Node below 22 the SDK prints a warning at the first client.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A script of package.json that works like a command: it has `--help`, and rejects invalid options before it does anything. */
export function script(npmCommand: string, description: string): Command {
  return new Command(`${npmCommand} --`)
    .description(description)
    .showHelpAfterError(`See \`${npmCommand} -- --help\`.`)
    .exitOverride();
}

/** Runs a script's work, with the error output and exit codes of the command line. */
export async function runScript<Options>(
  command: Command,
  work: (options: Options, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  // Scripts end the engines that they started.
  command.action((options: Options) => work(options, stopSignal({ graceMs: 20_000 })));
  process.exitCode = await runProgram(command, process.argv);
}

/** Parses a whole number, 1 or more. */
export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number, 1 or more.');
  return Number(text);
}

/** Parses a regular expression that ignores case. */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(`expected a regular expression: ${(error as Error).message}.`);
  }
}
