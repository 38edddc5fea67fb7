import { Command } from 'commander';
import { loadRunnable } from '../build/load/runnable.ts';
import { deleteHints } from '../features/delete-commands.ts';
import type { Status } from '../features/status/status.ts';
import { InvalidInputError } from '../runtime/errors.ts';
import { printResult } from './json.ts';
import { DEFINITIONS_DIR, definitionsIfAny, endpointOption, jsonOption, print, seconds } from './options.ts';
import { stopSignal } from './run.ts';
import { live, paint, progress } from './terminal.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  wait?: boolean;
  timeout?: number;
}

const WAIT_SECONDS = 300;

export function statusCommand(): Command {
  return new Command('status')
    .summary('show whether hooks and resources are ready')
    .description('Shows the state of each hook, as reported by the engine, and of each declared resource.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/, if any)')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .option(
      '--wait',
      'wait until everything is ready or something fails, even if the engine does not answer yet (default: check once)',
    )
    .option(
      '--timeout <time>',
      `time limit for --wait: seconds, or a duration such as 30s or 5m (default: ${WAIT_SECONDS})`,
      seconds,
    )
    .addHelpText(
      'after',
      '\nExits with code 0 only if everything is ready. Changes nothing.\n\nExamples:\n  npx ready-hooks status\n  npx ready-hooks status init/10-hallow-events.ts --wait --timeout 60s\n  npx ready-hooks status --json --endpoint http://localhost:4566',
    )
    .action(async (named: string[], { endpoint, json, wait, timeout }: Options, command: Command) => {
      if (timeout !== undefined && !wait) command.error("error: option '--timeout <time>' needs --wait");
      // Without a definition, only the hooks are checked.
      const runnables = await Promise.all((await definitionsIfAny(named)).map((file) => loadRunnable(file)));
      const signal = stopSignal();
      live('checking the engine');
      const { statusOf } = await import('../features/status/status.ts');
      const { waitUntilReady } = await import('../features/status/wait.ts');
      const read = async () => rejectEmpty(await statusOf(runnables, { endpoint, signal }));
      const status = wait
        ? await waitUntilReady(read, { timeoutMs: (timeout ?? WAIT_SECONDS) * 1000, signal, onProgress: progress })
        : await read();
      if (json) printResult(status);
      else for (const line of render(status)) print(line);
      if (status.state !== 'ready') process.exitCode = 1;
    });
}

/** Rejects a status of nothing at all, as in a folder outside the project: that must not count as ready. */
function rejectEmpty(status: Status): Status {
  const { engine, endpoint, hooks, pipelines } = status;
  if (pipelines.length > 0 || (hooks && hooks.state !== 'none')) return status;
  throw new InvalidInputError(
    `No status to show: no definition was named or found in ${DEFINITIONS_DIR}/, and ${engine} at ${endpoint} ${hooks ? 'ran no hooks' : 'does not report hooks'}. Name a definition, or run this in your project's folder.`,
  );
}

const TONES = {
  ready: 'good',
  failed: 'bad',
  missing: 'warning',
  differs: 'warning',
  'left over': 'warning',
  waiting: 'faint',
} as const;

/** A status, as lines for people. */
function render({ engine, endpoint, hooks, pipelines, state }: Status): string[] {
  const hookLines = hooks
    ? hooks.scripts.length > 0
      ? hooks.scripts.map(({ name, state }) => `  hook ${name}: ${state}`)
      : [`  hooks: ${hooks.state === 'none' ? 'the engine ran none' : hooks.summary}`]
    : ['  hooks: this engine does not report them'];
  return [
    `${engine} at ${endpoint}`,
    ...hookLines,
    ...pipelines.flatMap(({ pipeline, resources }) => [
      `${pipeline}:`,
      ...resources.map(
        ({ resource, state, detail }) => `  ${resource}: ${paint(TONES[state], state)}${detail ? ` (${detail})` : ''}`,
      ),
      ...deleteHints(resources).map((hint) => `  ${hint}`),
    ]),
    paint(TONES[state], state === 'ready' ? 'ready' : state === 'failed' ? 'FAILED' : 'NOT READY'),
  ];
}
