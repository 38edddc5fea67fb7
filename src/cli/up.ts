import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ENGINES, type EngineChoice } from '../local/choose-engine.ts';
import { startEngine } from '../local/start.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { jsonOption, note, port, print } from './options.ts';
import { stopSignal } from './run.ts';

interface Options {
  engine: EngineChoice;
  port?: number;
  data?: string;
  hooks?: string;
  json?: boolean;
}

export function upCommand(): Command {
  return new Command('up')
    .summary('start LocalStack or MiniStack on this machine')
    .description(
      'Starts LocalStack on 127.0.0.1 and waits until its hooks have ended well. With Docker it is the service localstack of docker-compose.yml; without, it runs in the background from pinned packages that are installed at the first use. MiniStack runs the same hooks, starts in under a second, and is asked for by name.',
    )
    .addOption(
      new Option('--engine <engine>', 'auto takes Docker where a Docker engine answers and can have the image')
        .choices(ENGINES)
        .default('auto'),
    )
    .option(
      '--port <port>',
      'where it listens (default: 4566, and with Docker what docker-compose.yml publishes)',
      port,
    )
    .option('--data <dir>', 'its state and log, without Docker (default: a folder for the port in the user’s cache)')
    .option('--hooks <dir>', 'a ready.d folder whose hooks it runs at start, without Docker')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks up --hooks init/ready.d\n  ready-hooks up --engine docker\n  ready-hooks up --engine ministack --hooks init/ready.d',
    )
    .action(async ({ engine, port, data, hooks, json }: Options) => {
      const given = Object.entries({ '--data': data, '--hooks': hooks }).flatMap(([name, value]) =>
        value ? name : [],
      );
      const notDocker = given.length > 0 ? `${given.join(' and ')} is for that` : undefined;
      if (engine === 'docker' && notDocker)
        throw new InvalidInputError(
          `${given.join(' and ')} is for an engine without Docker; with Docker it is what docker-compose.yml says: leave it out, or take --engine localstack.`,
        );
      const started = await startEngine({
        engine,
        port,
        notDocker,
        dataDir: data ? resolve(data) : undefined,
        hooksDir: hooks ? resolve(hooks) : undefined,
        onProgress: note,
        onHookLog: note,
        signal: stopSignal(),
      });
      if (json) print(JSON.stringify(started, undefined, 2));
      else
        print(
          `${started.engine === 'ministack' ? 'MiniStack' : 'LocalStack'} ${started.fresh ? 'is up' : 'was up already'} at ${started.endpoint} (log: ${started.log})`,
        );
    });
}
