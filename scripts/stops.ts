import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../src/runtime/errors.ts';
import { replaceBlock } from './replace-block.ts';
import { runScript, script } from './run.ts';

const PAGE = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const SITUATIONS = ['request in flight', 'engine hangs', 'idle', 'reads standard input'];
const EXPECTED: Record<string, number> = { SIGINT: 130, SIGTERM: 143 };

interface Stop {
  command: string;
  situation: string;
  signal: string;
  code: number;
  ms: number;
}

const command = script(
  'npm run stops',
  'Run test/full/stop.test.ts, which stops every command in every situation, and write its table in docs/reliability.md.',
);

await runScript(command, async (_, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-stops-'));
  const file = join(folder, 'stops.json');
  try {
    const args = ['vitest', 'run', '--project', 'full', 'test/full/stop.test.ts'];
    const env = { ...process.env, READY_HOOKS_STOPS: file };
    const child = spawn('npx', args, { stdio: 'inherit', env, signal });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new ExpectedError('A command did not end as expected: see the failed tests above.');
    const stops: Stop[] = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(PAGE, await replaceBlock(PAGE, 'stops', tableOf(stops)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** One line per command, or for several with the same times; each cell has the longest time of its situation. */
function tableOf(stops: readonly Stop[]): string {
  const right = stops.filter(({ signal, code }) => EXPECTED[signal] === code).length;
  const rows = new Map<string, string[]>();
  for (const name of new Set(stops.map(({ command }) => command))) {
    const own = stops.filter(({ command }) => command === name);
    const times = line(SITUATIONS.map((each) => longest(own.filter(({ situation }) => situation === each))));
    rows.set(times, [...(rows.get(times) ?? []), `\`${name}\``]);
  }
  return [
    `${right} of ${stops.length} ended with the right code (${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}).`,
    '',
    `| command ${line(SITUATIONS)}`,
    `| --- ${line(SITUATIONS.map(() => '---'))}`,
    ...[...rows].map(([times, names]) => `| ${names.sort().join(', ')} ${times}`),
  ].join('\n');
}

/** Rounded up to tenths of a second. */
function longest(stops: readonly Stop[]): string {
  return stops.length > 0 ? `${(Math.ceil(Math.max(...stops.map(({ ms }) => ms)) / 100) / 10).toFixed(1)} s` : '–';
}

function line(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}
