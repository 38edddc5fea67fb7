import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ENGINE_CHOICES, type EngineChoice } from '../local/choose-engine.ts';
import { PRODUCT_NAMES } from '../local/process/product.ts';
import { type Started, startEngine } from '../local/start.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { printResult } from './json.ts';
import { jsonOption, note, port, print } from './options.ts';
import { stopSignal } from './run.ts';
import { endLive, live, paint, progress } from './terminal.ts';

interface Options {
  engine: EngineChoice;
  port?: number;
  data?: string;
  hooks?: string;
  version?: string;
  json?: boolean;
}

const HELP = `
With Docker, up starts the service localstack of docker-compose.yml. Without Docker,
it runs in the background from pinned packages that are installed on first use.
MiniStack runs the same hooks without Docker and starts in under a second.

Examples:
  npx ready-hooks up --hooks init/ready.d
  npx ready-hooks up --engine docker
  npx ready-hooks up --engine ministack --hooks init/ready.d`;

export function upCommand(): Command {
  return new Command('up')
    .alias('start')
    .summary('start LocalStack, LocalEmu or MiniStack on this machine')
    .description('Starts LocalStack, LocalEmu or MiniStack on 127.0.0.1 and waits until its hooks have succeeded.')
    .addOption(
      new Option(
        '--engine <engine>',
        'auto starts LocalStack, in Docker if it is running and can get the image, otherwise as a local process',
      )
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option(
      '--port <port>',
      'port to listen on (default: 4566; with Docker, the port that docker-compose.yml publishes)',
      port,
    )
    .option('--data <dir>', 'folder for state and log, without Docker (default: a folder per port in your cache)')
    .option(
      '--hooks <dir>',
      'ready.d folder with hooks to run at start, without Docker; an engine that already runs without them runs them now (default: none)',
    )
    .option(
      '--version <version>',
      'version of LocalStack, without Docker (default: the newest that a Python here can run)',
    )
    .addOption(new Option('-d, --detach', 'has no effect: the engine always runs in the background').hideHelp())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const started = await start(options);
      endLive();
      if (options.json) printResult(started);
      else print(describe(started));
    });
}

function start({ engine, port, data, hooks, version }: Options): Promise<Started> {
  return startEngine({
    engine,
    port,
    version,
    notDocker: whyNotDocker(engine, { '--data': data, '--hooks': hooks, '--version': version }),
    dataDir: data ? resolve(data) : undefined,
    hooksDir: hooks ? resolve(hooks) : undefined,
    onProgress: progress,
    onHookLog: (line) => {
      note(line);
      live('running hooks');
    },
    // Removes a half installation and ends an engine that is starting.
    signal: stopSignal({ graceMs: 20_000 }),
  });
}

/** Why Docker must not be used, if options are given that work only without it. */
function whyNotDocker(engine: EngineChoice, options: Record<string, string | undefined>): string | undefined {
  const given = Object.keys(options).filter((name) => options[name]);
  if (given.length === 0) return undefined;
  const several = given.length > 1;
  if (engine === 'docker')
    throw new InvalidInputError(
      `${given.join(' and ')} ${several ? 'work' : 'works'} only without Docker; with Docker, docker-compose.yml decides. Omit ${several ? 'them' : 'it'}, or use --engine localstack.`,
    );
  return `${given.join(' and ')} ${several ? 'were' : 'was'} given`;
}

function describe({ engine, fresh, endpoint, log }: Started): string {
  const name = PRODUCT_NAMES[engine === 'docker' ? 'localstack' : engine];
  return `${paint('good', `${name} ${fresh ? 'is up' : 'is already up'}`)} at ${endpoint} (log: ${log})`;
}
