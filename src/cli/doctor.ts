import { Command } from 'commander';
import { counted } from '../features/counted.ts';
import type { Examination } from '../features/doctor/doctor.ts';
import { findEngine } from '../local/index.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { docsPage } from './docs-page.ts';
import { printResult } from './json.ts';
import { definitionsIfAny, endpointOption, jsonOption, print, regionFromEnvironment, regionOption } from './options.ts';
import { stopSignal } from './run.ts';
import { live } from './terminal.ts';

interface Options {
  endpoint?: string;
  mapping?: string;
  region?: string;
  hooks?: string;
  compose?: string;
  log?: string;
  json?: boolean;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('find out why records are not delivered and how to fix it')
    .description('Checks a running engine and reports each problem that affects delivery, with its evidence and fix.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/, if any)')
    .addOption(endpointOption())
    .option('--mapping <uuid>', 'check only this event source mapping and its duplicates (default: all mappings)')
    .addOption(
      regionOption(
        'region to search for mappings (default: the regions of the definitions, else AWS_REGION, AWS_DEFAULT_REGION or us-east-1)',
      ),
    )
    .option('--hooks <dir>', 'also check this ready.d folder (default: none)')
    .option('--compose <file>', 'also check this compose file; needs the Docker client (default: none)')
    .option(
      '--log <file>',
      "the engine's log, to distinguish similar causes (default: the log of an engine started by up)",
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nAlso checks resources that ready-hooks did not create. Changes nothing.\nExits with code 1 if a problem blocks delivery.\n\nExamples:\n  npx ready-hooks doctor\n  npx ready-hooks doctor --endpoint http://localhost:4566 --hooks init/ready.d --compose docker-compose.yml\n  docker compose logs localstack > ls.log; npx ready-hooks doctor --log ls.log\n\nEvery code is explained in docs/troubleshooting.md.',
    )
    .action(async (named: string[], options: Options) => {
      const { endpoint, mapping, json } = options;
      const definitions = await definitionsIfAny(named);
      live('checking the engine');
      const region = options.region ?? (definitions.length > 0 ? undefined : regionFromEnvironment());
      const { examine } = await import('../features/doctor/doctor.ts');
      const examination = await examine(definitions, {
        endpoint,
        mapping,
        region,
        hooksDir: options.hooks,
        composeFile: options.compose,
        logFile: options.log ?? (await localLog(endpoint)),
        signal: stopSignal(),
      });
      if (json) printResult({ findings: examination.findings });
      else for (const line of render(examination)) print(line);
      if (examination.findings.some(({ severity }) => severity === 'stops')) process.exitCode = 1;
    });
}

/** The log of the engine at this address, if `up` started it. */
async function localLog(endpoint: string | undefined): Promise<string | undefined> {
  const { hostname, port } = new URL(resolveEndpoint(endpoint, process.env));
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return undefined;
  return (await findEngine({ port: Number(port) }))?.logFile;
}

/** Findings, as lines for people. */
function render({ findings, checked }: Examination): string[] {
  if (findings.length === 0) return [`No problems found${checked ? ` (checked ${countsOf(checked)})` : ''}.`];
  const stops = findings.filter(({ severity }) => severity === 'stops').length;
  return [
    ...findings.flatMap(({ code, severity, subject, problem, evidence, fix, page }) => [
      `${code} ${severity === 'stops' ? '' : '(warning) '}${subject}: ${problem}`,
      `    seen: ${evidence}`,
      `    fix:  ${fix}`,
      `    more: ${docsPage(page)}`,
    ]),
    `${counted(findings.length, 'problem')} found; ${stops || 'none'} ${stops > 1 ? 'block' : 'blocks'} delivery.`,
  ];
}

function countsOf({ mappings, streams, functions, regions }: NonNullable<Examination['checked']>): string {
  const counts = [counted(mappings, 'mapping'), counted(streams, 'stream'), counted(functions, 'function')];
  return `${counts.join(', ')} in ${regions.join(', ')}`;
}
