import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeDocker } from '../src/local/docker/probe.ts';
import { down, up } from '../src/local/index.ts';
import { run } from '../src/local/machine/command.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { sendEvents, waitForEvents } from '../test/support/events.ts';
import { pack } from '../test/support/pack.ts';
import { pattern, runScript, script } from './run.ts';
import { type Project, WAYS, type Way } from './try-new-user/ways.ts';

const EVENTS = 20;

const command = script(
  'npm run try:new-user',
  'Try every way to use the packed package, each in an empty folder, until 20 of 20 events arrive.',
).option('--only <regex>', 'only ways whose name matches (default: all)', pattern);

await runScript<{ only?: RegExp }>(command, async ({ only }, signal) => {
  const docker = await probeDocker();
  const chosen = WAYS.filter(({ name }) => !only || only.test(name));
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-new-user-'));
  const failed: string[] = [];
  try {
    const packed = await pack(folder, signal);
    const engine = await up({ port: 0, dataDir: join(folder, 'data'), signal });
    try {
      for (const way of chosen) {
        if (way.needsDocker && !docker.ok) console.log(`${way.name}: skipped, ${docker.reason}`);
        else if (!(await tried(way, folder, packed, engine.endpoint, signal))) failed.push(way.name);
      }
    } finally {
      await down({ dataDir: engine.dataDir });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (failed.length > 0) throw new ExpectedError(`${failed.length} ways failed: ${failed.join('; ')}.`);
});

async function tried(
  way: Way,
  parent: string,
  packed: string,
  endpoint: string,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = await mkdtemp(join(parent, 'project-'));
  // A user's environment: the variables that npm sets for this script would reach the commands below.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const project: Project = {
    folder,
    packed,
    endpoint,
    run: (command, ...args) =>
      run(command, args, { cwd: folder, signal, env: { ...env, TESTCONTAINERS_RYUK_DISABLED: 'true' } }),
    write: (file, text) => writeFile(join(folder, file), text),
    async delivers(at) {
      await waitForEvents(at, 'events', await sendEvents(at, 'events', EVENTS));
    },
  };
  const began = Date.now();
  const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
  try {
    await project.write('package.json', '{ "name": "new-user", "private": true }\n');
    await way.install(project);
    const installed = seconds(began);
    const from = Date.now();
    await way.go(project);
    console.log(`${way.name}: ${EVENTS} of ${EVENTS} in ${seconds(from)}, after ${installed} of installation`);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    console.log(`${way.name}: FAILED after ${seconds(began)}: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}
