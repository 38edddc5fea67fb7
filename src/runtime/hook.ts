import './check-node.ts';
import { basename, dirname, join } from 'node:path';
import { apply } from './apply/apply.ts';
import { prune } from './apply/prune.ts';
import type { PruneCommand } from './apply/read-left-overs.ts';
import type { Result } from './apply/run.ts';
import { parseJson, parsePipeline } from './definition/check.ts';
import { resolveEndpoint } from './engine/endpoint.ts';
import { waitForHooks } from './engine/wait-for-hooks.ts';
import { AbortedError, InvalidInputError } from './errors.ts';
import { readdir, readFile } from './file-system.ts';
import { printable } from './printable.ts';
import { failureText } from './report/error-text.ts';
import type { Event } from './report/events.ts';
import { logRenderer } from './report/log.ts';
import { shellWord } from './report/shell-word.ts';
import { hookTimelineFile, timelineFile } from './report/timeline-file.ts';
import { makeRunnable } from './stages.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new AbortedError(`Stopped by ${name}.`)));
const write = (line: string) => process.stdout.write(`${printable(line)}\n`);

// If nothing is left to wait for, Node.js would end with exit code 0.
process.once('beforeExit', unfinished);
void main().then(() => process.off('beforeExit', unfinished));

function unfinished(): void {
  write('ready-hooks: the hook stopped before it was done, which is a bug in ready-hooks. Run it again.');
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const [, file = '', argument] = process.argv;
  try {
    process.exitCode = (await (argument === '--wait' ? waitForAll(dirname(file)) : runHook(argument))) ? 0 : 1;
  } catch (error) {
    write(failureText(error));
    process.exitCode = 1;
  }
}

/** A ready hook: reads the folder that `ready-hooks build` wrote and applies its pipeline. */
async function runHook(folder: string | undefined): Promise<boolean> {
  if (!folder) throw new InvalidInputError('The hook was started without its folder: run its .sh file instead.');
  const file = join(folder, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new InvalidInputError(
      `Cannot read ${file} (${error.code}): ${basename(folder)}.sh needs the folder ${basename(folder)} next to it. Give both the same name, or build again.`,
      { cause: error },
    );
  });
  const name = basename(folder);
  const pipeline = parsePipeline(parseJson(text, file), file);
  const runnable = await makeRunnable({ name, owner: name, file, pipeline }, process.env);
  const timeline = requestedTimeline(name);
  const log = logRenderer(write);
  const onEvent = (event: Event) => {
    log(event);
    timeline?.onEvent(event);
  };
  const options = { onEvent, signal: stop.signal, asHook: true };
  const result = await apply(runnable, options);
  await timeline?.write();
  if (!result.ok || isFirstStart(result)) return result.ok;
  const wanted = process.env['READY_HOOKS_PRUNE'] === '1' ? ('functions' as const) : undefined;
  const { ok } = await prune(
    { ...runnable, pruneCommand: commandIn(folder) },
    { ...options, onEvent: log, prune: wanted },
  );
  return ok;
}

/** If everything was new, nothing can be left over that handles the same records, and the check would only take time. */
function isFirstStart({ steps }: Result): boolean {
  return steps.length > 0 && steps.every(({ outcome }) => outcome === 'created');
}

/** In the container, the hook itself; a hook deletes no data. */
function commandIn(folder: string): PruneCommand['pruneCommand'] {
  return (what) =>
    what === 'data' ? 'npx ready-hooks apply --prune-data' : `READY_HOOKS_PRUNE=1 sh ${shellWord(`${folder}.sh`)}`;
}

/** The timeline that READY_HOOKS_TIMELINE asks for. Failing to write it is a warning, not a failure of the hook. */
function requestedTimeline(hook: string) {
  const target = process.env['READY_HOOKS_TIMELINE'];
  if (!target) return undefined;
  const file = hookTimelineFile(target, hook);
  const timeline = timelineFile(file);
  const warn = ({ code }: NodeJS.ErrnoException) =>
    write(
      `ready-hooks: warning: cannot write the timeline ${file} (${code}); set READY_HOOKS_TIMELINE to another file.`,
    );
  return { ...timeline, write: () => timeline.write().catch(warn) };
}

/** A container's health check: ends when every hook next to this file has succeeded, or as soon as one fails. */
async function waitForAll(folder: string): Promise<boolean> {
  const hooks = (await readdir(folder)).filter((name) => /\.(sh|py)$/.test(name));
  if (hooks.length === 0)
    throw new InvalidInputError(`No hooks in ${folder}: run npx ready-hooks build, then start again.`);
  const endpoint = resolveEndpoint(undefined, process.env);
  // Each request is a line in LocalStack's log, between those of the hooks.
  await waitForHooks(endpoint, hooks, { untilUp: true, pollMs: 250, signal: stop.signal });
  write(`ready-hooks: ready: ${hooks.join(', ')}`);
  return true;
}
