import { Command, InvalidArgumentError } from 'commander';
import { loadRunnable } from '../build/load/runnable.ts';
import { type Status, statusOf } from '../features/status/status.ts';
import { waitUntilReady } from '../features/status/wait.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { DEFINITIONS_DIR, definitionsIfAny, endpointOption, jsonOption, note, print } from './options.ts';
import { stopSignal } from './run.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  wait?: boolean;
  timeout: number;
}

export function statusCommand(): Command {
  return new Command('status')
    .summary('tell whether the hooks and the resources are ready')
    .description(
      'Tells the state of each hook, as the engine tells it, and of each declared resource. The exit code is 0 only if all is ready. Nothing is changed.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/, if there are any)')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .option('--wait', 'block until all is ready, or something has failed; also while nothing answers yet')
    .option('--timeout <seconds>', 'with --wait: give up after this long', seconds, 300)
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks status\n  ready-hooks status init/10-hallow-events.ts --wait --timeout 60\n  ready-hooks status --json --endpoint http://localhost:4566',
    )
    .action(async (named: string[], { endpoint, json, wait, timeout }: Options) => {
      // Without any definition the hooks alone are told.
      const runnables = await Promise.all((await definitionsIfAny(named)).map((file) => loadRunnable(file)));
      const signal = stopSignal();
      const look = async () => ofSomething(await statusOf(runnables, { endpoint, signal }));
      const status = wait
        ? await waitUntilReady(look, { timeoutMs: timeout * 1000, signal, onProgress: note })
        : await look();
      if (json) print(JSON.stringify(status, undefined, 2));
      else for (const line of render(status)) print(line);
      if (status.state !== 'ready') process.exitCode = 1;
    });
}

/** Without any definition or hook nothing was looked at, as in a folder that is not the project's: that is not "ready". */
function ofSomething(status: Status): Status {
  const { engine, endpoint, hooks, pipelines } = status;
  if (pipelines.length > 0 || (hooks && hooks.state !== 'none')) return status;
  throw new InvalidInputError(
    `There is nothing to tell the status of: no definition is named or in ${DEFINITIONS_DIR}/ here, and ${engine} at ${endpoint} ${hooks ? 'ran no hook' : 'does not tell of hooks'}; name a definition, or run this in your project's folder.`,
  );
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('expected seconds, more than 0.');
  return value;
}

/** A status as people read it. */
export function render({ engine, endpoint, hooks, pipelines, state }: Status): string[] {
  const hookLines = hooks
    ? hooks.scripts.length > 0
      ? hooks.scripts.map(({ name, state }) => `  hook ${name}: ${state}`)
      : [`  hooks: ${hooks.state === 'none' ? 'the engine ran none' : hooks.told}`]
    : ['  hooks: this engine does not tell'];
  return [
    `${engine} at ${endpoint}`,
    ...hookLines,
    ...pipelines.flatMap(({ pipeline, resources }) => [
      `${pipeline}:`,
      ...resources.map(({ resource, state, detail }) => `  ${resource}: ${state}${detail ? ` (${detail})` : ''}`),
    ]),
    state === 'ready' ? 'ready' : state === 'failed' ? 'FAILED' : 'NOT READY',
  ];
}
