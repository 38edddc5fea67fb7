import { type Command, InvalidArgumentError, Option } from 'commander';
import * as v from 'valibot';
import { definitionsMeant, findAnyDefinitions, findDefinitions } from '../build/load/definitions.ts';
import * as limits from '../runtime/definition/aws-limits.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { note } from './terminal.ts';

export { note, print } from './terminal.ts';

/** The folder with the definitions to use if none is named. */
export const DEFINITIONS_DIR = 'init';

/** The default of `--endpoint` in help texts; see resolveEndpoint. */
export const ENDPOINT_DEFAULT =
  'AWS_ENDPOINT_URL, else AWS_ENDPOINT_URL_KINESIS, else port 4566 of this machine, or the port in GATEWAY_LISTEN';

export const endpointOption = () =>
  new Option('--endpoint <url>', `address of the engine (default: ${ENDPOINT_DEFAULT})`);

export const jsonOption = () => new Option('--json', 'print JSON');
/** For a command with `.hook('preAction', startJsonLines)`. */
export const jsonLinesOption = () => new Option('--json', 'print JSON, one object per line, with a summary at the end');

const SERVICES = ['KINESIS', 'LAMBDA', 'S3'] as const;

/** A warning if a variable for one service names another engine than the one that is used for all. */
export function otherEndpoints(env: NodeJS.ProcessEnv): string | undefined {
  const used = resolveEndpoint(undefined, env);
  const others = SERVICES.map((service) => `AWS_ENDPOINT_URL_${service}`).filter((name) => {
    const url = env[name];
    return url && sameAddress(url) !== sameAddress(used);
  });
  if (others.length === 0) return undefined;
  return `ready-hooks: warning: ${others.map((name) => `${name}=${env[name]}`).join(' and ')} ${others.length > 1 ? 'are' : 'is'} ignored: one engine serves all resources, here ${used}. Choose another with --endpoint or AWS_ENDPOINT_URL.`;
}

const sameAddress = (url: string) => url.replace(/\/+$/, '').replace('//localhost', '//127.0.0.1').toLowerCase();

/** Warns about variables that have no effect, unless `--endpoint` is given. */
export function addEndpointWarning(command: Command): void {
  command.hook('preAction', () => {
    const warning = command.opts()['endpoint'] === undefined && otherEndpoints(process.env);
    if (warning) note(warning);
  });
}

/** Accepts the AWS CLI's name of `--endpoint`. */
export function addEndpointAlias(command: Command): void {
  command
    .addOption(new Option('--endpoint-url <url>', 'the same as --endpoint').hideHelp())
    .on('option:endpoint-url', (url: string) => command.setOptionValue('endpoint', url));
}

/** Adds `--verbose`. The library reads it from the environment, as the hook does. */
export function addVerbose(command: Command): void {
  command.option('--verbose', 'log every request and its result to stderr').hook('preAction', () => {
    if (command.opts()['verbose']) process.env['READY_HOOKS_VERBOSE'] = '1';
  });
}

/** `--region`, checked like a definition's. The description may end with its own default. */
export const regionOption = (description: string) =>
  new Option('--region <region>', description).argParser((text) => checked(limits.region, text));

/** `--account`, checked like a definition's. */
export const accountOption = (description: string) =>
  new Option('--account <id>', description).argParser((text) => checked(limits.account, text));

function checked(limit: typeof limits.region, text: string): string {
  const { success, output } = v.safeParse(limit, text);
  if (success) return output as string;
  throw new InvalidArgumentError(`expected ${v.safeParse(limit, text).issues?.[0].message}.`);
}

/** The defaults of `--region` and `--account` in help texts; place.ts finds them. */
export const REGION_DEFAULT =
  '(default: as declared in init/, else AWS_REGION, else AWS_DEFAULT_REGION, else us-east-1)';
export const ACCOUNT_DEFAULT = '(default: as declared in init/, else 000000000000)';

/** The region to use if no option names one. */
export function regionFromEnvironment(env: NodeJS.ProcessEnv = process.env): string {
  const name = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((each) => env[each]);
  const region = (name && env[name]) || 'us-east-1';
  if (v.is(limits.region, region)) return region;
  throw new InvalidInputError(
    `${name} is '${region}', but must be an AWS region, such as 'us-east-1'. Correct it or use --region.`,
  );
}

/** A TCP port; 0 lets the system choose. */
export function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}

/** A port for a debugger, as Node.js's --inspect accepts it. */
export function inspectPort(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || (value !== 0 && value < 1_024) || value > 65_535)
    throw new InvalidArgumentError('expected 0 or a port from 1024 to 65535, as in --inspect=9229.');
  return value;
}

const UNITS = { '': 1, s: 1, m: 60, h: 3_600 };

/** A time limit in seconds, from `90`, `90s`, `1.5m` or `1h`. */
export function seconds(text: string): number {
  const [, count, unit] = /^(\d*\.?\d+)([smh]?)$/.exec(text) ?? [];
  const value = Number(count) * UNITS[(unit ?? '') as keyof typeof UNITS];
  if (!(value > 0 && value <= 86_400))
    throw new InvalidArgumentError('expected a time above 0 and up to a day, such as 90, 90s or 5m.');
  return value;
}

/** The named definitions, or all in init/. */
export async function definitionsOrAll(named: string[]): Promise<string[]> {
  return named.length > 0 ? definitionsNamed(named) : findDefinitions(DEFINITIONS_DIR);
}

/** The named definitions, or all in init/, if any. */
export async function definitionsIfAny(named: string[]): Promise<string[]> {
  return named.length > 0 ? definitionsNamed(named) : findAnyDefinitions(DEFINITIONS_DIR);
}

async function definitionsNamed(names: readonly string[]): Promise<string[]> {
  const meant = await Promise.all(names.map((name) => definitionsMeant(name, DEFINITIONS_DIR)));
  return [...new Set(meant.flat())];
}
