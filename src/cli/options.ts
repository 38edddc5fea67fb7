import { type Command, InvalidArgumentError, Option } from 'commander';
import { findDefinitions } from '../build/load/load.ts';

/** The folder with the definitions to use if none is named. */
export const DEFINITIONS_DIR = 'init';

export const endpointOption = () =>
  new Option('--endpoint <url>', 'address of the engine (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)');

export const jsonOption = () => new Option('--json', 'print JSON (progress: one object per line)');

/** Adds `--verbose`. The library reads it from the environment, as the hook does. */
export function addVerbose(command: Command): void {
  command.option('--verbose', 'log every request and response to stderr').hook('preAction', () => {
    if (command.opts()['verbose']) process.env['READY_HOOKS_VERBOSE'] = '1';
  });
}

/** A TCP port; 0 lets the system choose. */
export function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}

/** The named definitions, or all in init/. */
export async function definitionsOrAll(named: string[]): Promise<string[]> {
  return named.length > 0 ? named : findDefinitions(DEFINITIONS_DIR);
}

/** The named definitions, or all in init/, if any. */
export async function definitionsIfAny(named: string[]): Promise<string[]> {
  return named.length > 0 ? named : findDefinitions(DEFINITIONS_DIR).catch(() => []);
}

export const print = (line: string) => void process.stdout.write(`${line}\n`);
/** Prints an event as a line of JSON. */
export const printJson = (event: object) => print(JSON.stringify(event));
export const note = (line: string) => void process.stderr.write(`${line}\n`);
