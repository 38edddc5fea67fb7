import { resolve } from 'node:path';
import { Command } from 'commander';
import { stopEngine, stoppedText } from '../local/start.ts';
import { port, print } from './options.ts';

export function downCommand(): Command {
  return new Command('down')
    .alias('stop')
    .summary('stop the engine started by up')
    .description('Stops the engine started by `up` and verifies that it is gone.')
    .option('--port <port>', 'port of the engine (default: 4566, or any with --data)', port)
    .option('--data <dir>', 'folder that you passed to `up --data`; leaves Docker alone (default: none)')
    .addHelpText(
      'after',
      '\nAlso stops the service localstack of docker-compose.yml if something else started it.\nKeeps the log of an engine that ran without Docker. Leaves everything else alone.\n\nExamples:\n  npx ready-hooks down\n  npx ready-hooks down --port 4567',
    )
    .action(async ({ port, data }: { port?: number; data?: string }) => {
      const stopped = await stopEngine({ ...(port && { port }), ...(data && { dataDir: resolve(data) }) });
      print(stoppedText(stopped, '`up`'));
    });
}
