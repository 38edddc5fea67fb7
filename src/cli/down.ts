import { resolve } from 'node:path';
import { Command } from 'commander';
import { stopEngine } from '../local/start.ts';
import { port, print } from './options.ts';

export function downCommand(): Command {
  return new Command('down')
    .summary('stop what up started')
    .description(
      'Stops the engine that up started, with Docker or without, for certain. Without Docker its log is kept. Nothing else is touched.',
    )
    .option('--port <port>', 'the port it listens on (default: 4566, or any with --data)', port)
    .option('--data <dir>', 'its folder, when up was given one; what runs in Docker is then left alone')
    .addHelpText('after', '\nExamples:\n  ready-hooks down\n  ready-hooks down --port 4567')
    .action(async ({ port, data }: { port?: number; data?: string }) => {
      const stopped = await stopEngine({ ...(port && { port }), ...(data && { dataDir: resolve(data) }) });
      print(stopped.length > 0 ? `${stopped.join(' and ')} stopped.` : 'Nothing that up started was running.');
    });
}
