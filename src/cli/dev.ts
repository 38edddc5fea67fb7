import { Command, Option } from 'commander';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { ExpectedError } from '../runtime/errors.ts';
import { statSync } from '../runtime/file-system.ts';
import { printEvent, startJsonLines } from './json.ts';
import { DEFINITIONS_DIR, definitionsOrAll, endpointOption, inspectPort, jsonLinesOption, print } from './options.ts';
import { stopOrCloseSignal } from './run.ts';
import { paint } from './terminal.ts';

export function devCommand(): Command {
  return new Command('dev')
    .summary('apply, re-apply on every change, and stream logs')
    .description(
      'Applies definitions, re-applies them on every change, and streams function logs and new objects until Ctrl-C.',
    )
    .argument(
      '[definitions...]',
      '.ts, .js or .json files, folders or hook names (default: all in init/, including those you add later)',
    )
    .addOption(endpointOption())
    .addOption(
      new Option(
        '--inspect [port]',
        'let debuggers attach to functions, from this port on (default: 9229); without Docker',
      )
        .preset('9229')
        .argParser(inspectPort),
    )
    .addOption(jsonLinesOption())
    .hook('preAction', startJsonLines)
    .addHelpText(
      'after',
      '\nWatches definitions, function code and seeds, and re-applies after an engine restart.\nDeletes mappings and functions that the definitions made and no longer declare.\nErrors are printed; dev waits until you fix them.\n\nExamples:\n  npx ready-hooks up && npx ready-hooks dev\n  npx ready-hooks dev --inspect   # breakpoints in TypeScript\n  npx ready-hooks dev init/10-hallow-events.ts --endpoint http://localhost:4566',
    )
    .action(async (named: string[], options: { endpoint?: string; inspect?: number; json?: boolean }) => {
      const signal = stopOrCloseSignal();
      const definitions = await definitionsToWatch(named);
      const endpoint = resolveEndpoint(options.endpoint, process.env);
      const { connect } = await import('../runtime/engine/connect.ts');
      const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000', signal }).catch((error) => {
        throw error instanceof ExpectedError && !signal.aborted
          ? new ExpectedError(`${error.message} Start one with npx ready-hooks up.`, { cause: error })
          : error;
      });
      aws.close();
      const { dev } = await import('../features/dev/dev.ts');
      const { textRenderer } = await import('../features/dev/events.ts');
      const onEvent = options.json ? printEvent : textRenderer(print, paint);
      await dev({ definitions, endpoint, inspect: options.inspect, signal, onEvent });
    });
}

/** One folder is watched as a whole, including definitions added later. */
async function definitionsToWatch(named: string[]): Promise<string[] | { folder: string }> {
  const [folder = DEFINITIONS_DIR, ...others] = named;
  const isFolder = others.length === 0 && statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  return isFolder || named.length === 0 ? { folder } : definitionsOrAll(named);
}
