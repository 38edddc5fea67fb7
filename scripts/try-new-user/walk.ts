import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/local/machine/command.ts';
import { CTRL_C, ENTER, OnTerminal } from '../../test/support/terminal.ts';
import { type Action, actionsOn } from './pages.ts';
import type { Row } from './report.ts';

const REPO = join(import.meta.dirname, '../..');
/** The pages that a newcomer meets, in order. */
export const PAGES = ['README.md', 'docs/daily-work.md', 'docs/testing.md', 'docs/compose.md'];
const LIMIT_MS = 600_000;

/** What a reader types when a command shows this, and the code with which the command then ends. */
const REACTIONS = [
  { shown: '[Y/n]', keys: ENTER, code: 0 },
  { shown: 'press Ctrl-C to stop', keys: CTRL_C, code: 130 },
];

/** Follows the pages as a stranger without Docker: in a clone, and in an empty project beside it. `folder` is empty. */
export async function walk(folder: string, signal: AbortSignal, onRow: (row: Row) => void): Promise<Row[]> {
  const places = { clone: join(folder, 'localstack-ready-hooks'), project: join(folder, 'project') };
  const env = newcomer(join(folder, 'home'));
  await mkdir(join(folder, 'home'));
  await copySources(places.clone);
  await mkdir(places.project);
  await writeFile(join(places.project, 'package.json'), '{ "name": "new-user", "private": true }\n');
  const rows: Row[] = [];
  try {
    for (const page of PAGES)
      for (const action of actionsOn(await readFile(join(REPO, page), 'utf8'))) {
        signal.throwIfAborted();
        const cwd = places[placeOf(page, action)];
        if ('file' in action) await writeShown(join(cwd, action.file), action.text);
        else
          for (const row of await follow(page, action, { cwd, env, signal })) {
            onRow(row);
            rows.push(row);
          }
      }
  } finally {
    await run('npm', ['stop'], { cwd: places.clone, env }).catch(() => undefined);
  }
  return rows;
}

/** Tests belong into the reader's own project, which the README creates; the rest of the docs uses the clone. */
function placeOf(page: string, { heading }: Action): 'clone' | 'project' {
  return page === 'docs/testing.md' || heading === 'Add it to your project' ? 'project' : 'clone';
}

interface Surroundings {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

async function follow(
  page: string,
  { command, withoutDocker }: Extract<Action, { command: string }>,
  where: Surroundings,
): Promise<Row[]> {
  if (!/^docker\b/.test(command)) return [await tried(page, command, where)];
  const row = { page, command, leftOut: 'needs Docker' };
  return withoutDocker ? [row, await tried(page, withoutDocker, where)] : [row];
}

async function tried(page: string, command: string, { cwd, env, signal }: Surroundings): Promise<Row> {
  const began = performance.now();
  const terminal = new OnTerminal(['sh', '-c', command], { cwd, env });
  const stop = () => terminal.close();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(stop, LIMIT_MS);
  let expected = 0;
  for (const { shown, keys, code } of REACTIONS)
    terminal.shows(shown, LIMIT_MS).then(
      () => {
        expected = code;
        terminal.type(keys);
      },
      () => undefined,
    );
  const code = await terminal.ended;
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  const seconds = (performance.now() - began) / 1_000;
  return { page, command, seconds, code, ...(code !== expected && { output: terminal.text() }) };
}

async function writeShown(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** The environment of someone who has none of this yet, and no Docker. npm's own settings stay: they say where packages are. */
function newcomer(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|XDG_|AWS_|READY_HOOKS_|NO_COLOR$)/i.test(name));
  const npmrc = join(homedir(), '.npmrc');
  return {
    ...Object.fromEntries(own),
    HOME: home,
    DOCKER_HOST: 'unix:///nowhere',
    ...(existsSync(npmrc) && { NPM_CONFIG_USERCONFIG: npmrc }),
  };
}

/** What a clone has, with your changes that are not committed yet. */
async function copySources(to: string): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: REPO });
  for (const file of listed.split('\0').filter((each) => each && existsSync(join(REPO, each))))
    await cp(join(REPO, file), join(to, file), { verbatimSymlinks: true });
}
