import { Command } from 'commander';
import { connect } from '../runtime/engine/connect.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { ExpectedError } from '../runtime/errors.ts';
import { DEFINITIONS_DIR, endpointOption, jsonOption, print, printJson } from './options.ts';
import { stopSignal } from './run.ts';

export function devCommand(): Command {
  return new Command('dev')
    .summary('apply, again at every change, and tell what functions log')
    .description(
      'Brings definitions up in a running engine, again when they or their functions change or the engine was started anew, and tells what their buckets receive and their functions log, until Ctrl-C. What is wrong is told, and its mending waited for.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/, also those that are added)')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks up && ready-hooks dev\n  ready-hooks dev init/10-hallow-events.ts --endpoint http://localhost:4566',
    )
    .action(async (named: string[], options: { endpoint?: string; json?: boolean }) => {
      const signal = stopSignal({ whenUnread: true });
      const definitions = named.length > 0 ? named : { folder: DEFINITIONS_DIR };
      const endpoint = resolveEndpoint(options.endpoint, process.env);
      const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000', signal }).catch((error) => {
        throw error instanceof ExpectedError && !signal.aborted
          ? new ExpectedError(`${error.message} ready-hooks up starts one.`, { cause: error })
          : error;
      });
      aws.close();
      // What watches and tails is for this command alone.
      const { dev } = await import('../features/dev/dev.ts');
      const { textRenderer } = await import('../features/dev/events.ts');
      const onEvent = options.json ? printJson : textRenderer(print);
      await dev({ definitions, endpoint, signal, onEvent });
    });
}
