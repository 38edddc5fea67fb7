import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apply } from './apply/apply.ts';
import { parseJson, parsePipeline } from './definition/check.ts';
import { resolveEndpoint } from './engine/endpoint.ts';
import { waitForHooks } from './engine/wait-for-hooks.ts';
import { AbortedError, InvalidInputError } from './errors.ts';
import { tellFailure } from './report/error-text.ts';
import type { Event } from './report/events.ts';
import { logRenderer } from './report/log.ts';
import { hookTimelineFile, timelineFile } from './report/timeline-file.ts';
import { makeRunnable } from './stages.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new AbortedError(`Stopped by ${name}.`)));
const write = (line: string) => process.stdout.write(`${line}\n`);

try {
  const [argument] = process.argv.slice(2);
  process.exitCode = (await (argument === '--wait' ? waitForAll() : runHook(argument))) ? 0 : 1;
} catch (error) {
  write(tellFailure(error));
  process.exitCode = 1;
}

/** What a ready hook does: reads the folder that `ready-hooks build` made and applies the pipeline in it. */
async function runHook(folder: string | undefined): Promise<boolean> {
  if (!folder) throw new InvalidInputError('The hook was started without its folder: run the .sh file beside it.');
  const file = join(folder, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new InvalidInputError(
      `${file} cannot be read (${error.code}): ${basename(folder)}.sh takes the folder ${basename(folder)} beside it; give both one name, or build again.`,
      { cause: error },
    );
  });
  const name = basename(folder);
  const pipeline = parsePipeline(parseJson(text, file), file);
  const runnable = await makeRunnable({ name, file, pipeline }, process.env);
  const timeline = timelineAsked(name);
  const log = logRenderer(write);
  const onEvent = (event: Event) => {
    log(event);
    timeline?.onEvent(event);
  };
  const result = await apply(runnable, { onEvent, signal: stop.signal, asHook: true });
  await timeline?.write();
  return result.ok;
}

/** The timeline that READY_HOOKS_TIMELINE asks for. That it cannot be written is said, and no reason for the hook to fail. */
function timelineAsked(hook: string) {
  const asked = process.env['READY_HOOKS_TIMELINE'];
  if (!asked) return undefined;
  const file = hookTimelineFile(asked, hook);
  const timeline = timelineFile(file);
  const unwritten = ({ code }: NodeJS.ErrnoException) =>
    write(
      `ready-hooks: warning: the timeline ${file} cannot be written (${code}); set READY_HOOKS_TIMELINE to another file.`,
    );
  return { ...timeline, write: () => timeline.write().catch(unwritten) };
}

/** The health check of a container: ends when every hook beside this file has ended well, or as soon as one has failed. */
async function waitForAll(): Promise<boolean> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const hooks = (await readdir(folder)).filter((name) => /\.(sh|py)$/.test(name));
  if (hooks.length === 0)
    throw new InvalidInputError(`${folder} holds no hook: run ready-hooks build, then start again.`);
  const endpoint = resolveEndpoint(undefined, process.env);
  await waitForHooks(endpoint, hooks, { untilUp: true, signal: stop.signal });
  write(`ready-hooks: ready: ${hooks.join(', ')}`);
  return true;
}
