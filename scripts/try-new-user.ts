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
import { type Row, rowLine } from './try-new-user/report.ts';
import { walk } from './try-new-user/walk.ts';
import { type Project, WAYS, type Way } from './try-new-user/ways.ts';

const EVENTS = 20;

interface Options {
  only?: RegExp;
  json?: boolean;
}

const command = script(
  'npm run try:new-user',
  'Run every command of the README and of the pages after it, as written, in a clone and in an empty project; then try every way to use the packed package, until 20 of 20 events arrive.',
)
  .option('--only <regex>', 'only what matches: "pages", or the name of a way (default: all)', pattern)
  .option('--json', 'print the report as JSON');

await runScript<Options>(command, async ({ only, json }, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-new-user-'));
  const rows: Row[] = [];
  const report = (row: Row) => {
    rows.push(row);
    if (!json) console.log(rowLine(row));
    if (row.output !== undefined) console.error(row.output);
  };
  const wanted = (name: string) => !only || only.test(name);
  try {
    if (wanted('pages')) await walk(await mkdtemp(join(folder, 'pages-')), signal, report);
    await tryWays(
      WAYS.filter(({ name }) => wanted(name)),
      folder,
      signal,
      report,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify(rows, undefined, 2));
  const failed = rows.filter(({ output }) => output !== undefined);
  if (failed.length > 0)
    throw new ExpectedError(
      `${failed.length} of ${rows.length} failed: ${failed.map((row) => row.command).join('; ')}.`,
    );
});

async function tryWays(ways: Way[], folder: string, signal: AbortSignal, report: (row: Row) => void): Promise<void> {
  if (ways.length === 0) return;
  const docker = await probeDocker();
  const packed = await pack(folder, signal);
  const engine = await up({ port: 0, dataDir: join(folder, 'data'), signal });
  try {
    for (const way of ways)
      report(
        way.needsDocker && !docker.ok
          ? { page: 'a way', command: way.name, leftOut: docker.reason }
          : await tried(way, folder, packed, engine.endpoint, signal),
      );
  } finally {
    await down({ dataDir: engine.dataDir });
  }
}

async function tried(way: Way, parent: string, packed: string, endpoint: string, signal: AbortSignal): Promise<Row> {
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
  const began = performance.now();
  const row = { page: 'a way', command: way.name };
  const seconds = () => (performance.now() - began) / 1_000;
  try {
    await project.write('package.json', '{ "name": "new-user", "private": true }\n');
    await way.install(project);
    await way.go(project);
    return { ...row, seconds: seconds(), code: 0 };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...row, seconds: seconds(), code: 1, output: error instanceof Error ? error.message : String(error) };
  }
}
