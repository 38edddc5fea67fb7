import { Command } from 'commander';
import type { Finding } from '../features/doctor/catalog.ts';
import { doctor } from '../features/doctor/doctor.ts';
import { findEngine } from '../local/index.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { docsPage } from './docs-page.ts';
import { definitionsIfAny, endpointOption, jsonOption, print } from './options.ts';
import { stopSignal } from './run.ts';

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
    .summary('name what is wrong with a running engine, and the fix')
    .description(
      'Looks at a running engine, whoever made its resources, and names what keeps records from being delivered, with evidence and the fix. The exit code is 1 when something stops delivery. Nothing is changed.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/, if there are any)')
    .addOption(endpointOption())
    .option('--mapping <uuid>', 'only this event source mapping, and others of its stream and function')
    .option('--region <region>', 'where mappings are looked for (default: of the definitions, else us-east-1)')
    .option('--hooks <dir>', 'also a ready.d folder')
    .option('--compose <file>', 'also a compose file (needs the docker client)')
    .option('--log <file>', "the engine's log: tells causes apart (default: that of a LocalStack that up started)")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks doctor\n  ready-hooks doctor --endpoint http://localhost:4566 --hooks init/ready.d --compose docker-compose.yml\n  docker compose logs localstack > ls.log; ready-hooks doctor --log ls.log\n\nEach code is explained in docs/troubleshooting.md.',
    )
    .action(async (named: string[], options: Options) => {
      const { endpoint, mapping, region, json } = options;
      const definitions = await definitionsIfAny(named);
      const findings = await doctor(definitions, {
        endpoint,
        mapping,
        region,
        hooksDir: options.hooks,
        composeFile: options.compose,
        logFile: options.log ?? (await ownLog(endpoint)),
        signal: stopSignal(),
      });
      if (json) print(JSON.stringify(findings, undefined, 2));
      else for (const line of render(findings)) print(line);
      if (findings.some(({ severity }) => severity === 'stops')) process.exitCode = 1;
    });
}

/** The log of the LocalStack at this address, where `up` started it. */
async function ownLog(endpoint: string | undefined): Promise<string | undefined> {
  const { hostname, port } = new URL(resolveEndpoint(endpoint, process.env));
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return undefined;
  return (await findEngine({ port: Number(port) }))?.logFile;
}

/** Findings as people read them. */
export function render(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['ready-hooks: nothing found that is wrong'];
  const stops = findings.filter(({ severity }) => severity === 'stops').length;
  return [
    ...findings.flatMap(({ code, severity, subject, problem, evidence, fix, page }) => [
      `${code} ${severity === 'stops' ? '' : '(warning) '}${subject}: ${problem}`,
      `    seen: ${evidence}`,
      `    fix:  ${fix}`,
      `    more: ${docsPage(page)}`,
    ]),
    `ready-hooks: ${findings.length} finding${findings.length === 1 ? '' : 's'}, of which ${stops} stop${stops === 1 ? 's' : ''} delivery`,
  ];
}
