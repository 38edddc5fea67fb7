import { type Command, InvalidArgumentError, Option } from 'commander';
import { findDefinitions } from '../build/load/load.ts';

/** Where definitions are looked for when none is named. */
export const DEFINITIONS_DIR = 'init';

export const endpointOption = () =>
  new Option('--endpoint <url>', 'the engine (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)');

export const jsonOption = () => new Option('--json', 'print JSON, one object a line where it is progress');

/** `--verbose`: every request on stderr. The library takes it from the environment, as the hook does. */
export function addVerbose(command: Command): void {
  command.option('--verbose', 'tell every request and its answer on stderr').hook('preAction', () => {
    if (command.opts()['verbose']) process.env['READY_HOOKS_VERBOSE'] = '1';
  });
}

/** A TCP port, 0 where the system may choose. */
export function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}

/** The named definitions, or all in init/. */
export async function definitionsOrAll(named: string[]): Promise<string[]> {
  return named.length > 0 ? named : findDefinitions(DEFINITIONS_DIR);
}

/** The named definitions, or all in init/ where there are any. */
export async function definitionsIfAny(named: string[]): Promise<string[]> {
  return named.length > 0 ? named : findDefinitions(DEFINITIONS_DIR).catch(() => []);
}

export const print = (line: string) => void process.stdout.write(`${line}\n`);
/** An event as a line of JSON. */
export const printJson = (event: object) => print(JSON.stringify(event));
export const note = (line: string) => void process.stderr.write(`${line}\n`);
