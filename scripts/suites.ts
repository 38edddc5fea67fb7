import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/local/machine/command.ts';
import { pack } from '../test/support/pack.ts';
import { installPeers, peerEnvironment } from './bench/peers/peers.ts';
import { median } from './bench/stats.ts';
import { replaceBlock } from './replace-block.ts';
import { count, runScript, script } from './run.ts';

const ROOT = join(import.meta.dirname, '..');
const SUITES = join(import.meta.dirname, 'bench/suites');
const PAGE = join(ROOT, 'docs/testing.md');

interface Suite {
  title: string;
  file: string;
  command: string[];
}

const VITEST = ['npx', 'vitest', 'run', '--testTimeout', '60000', '--hookTimeout', '300000'];
const SUITE_LIST: Suite[] = [
  { title: 'this library', file: 'library.test.mjs', command: VITEST },
  { title: 'Testcontainers and pauses', file: 'testcontainers.test.mjs', command: VITEST },
  { title: '`awslocal` and pauses, in bash', file: 'awslocal.sh', command: ['bash'] },
];

const command = script(
  'npm run suites',
  'Compare one test suite, written three times: the table in docs/testing.md. Needs Docker.',
)
  .option('--runs <n>', 'runs of each suite', count, 3)
  .option('--wait <seconds>', 'the pause after each put, in the suites that pause', count, 3);

await runScript<{ runs: number; wait: number }>(command, async ({ runs, wait }, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-suites-'));
  try {
    await install(folder, signal);
    const peers = await installPeers({ signal, onProgress: console.log });
    const env = {
      ...process.env,
      ...peerEnvironment(peers, ''),
      AWS_ENDPOINT_URL: undefined,
      WAIT_S: String(wait),
      WAIT_MS: String(wait * 1_000),
      NO_COLOR: '1',
      // The container that cleans up after a killed test needs another image, which is not available everywhere.
      TESTCONTAINERS_RYUK_DISABLED: 'true',
    };
    const load = loadavg()[0] ?? 0;
    const results: Ran[] = [];
    for (let n = 0; n < runs; n++)
      for (const suite of SUITE_LIST) {
        const ran = await runSuite(suite, folder, env, signal);
        results.push(ran);
        const { file, readyS, allS, passed } = ran;
        console.log(
          `${file}: ready after ${readyS.toFixed(1)} s, ended after ${allS.toFixed(1)} s, ${passed ? 'passed' : `failed:\n${ran.output}`}`,
        );
      }
    const rows = SUITE_LIST.map(async ({ title, file }) => {
      const own = results.filter((each) => each.file === file);
      const passed = `${own.filter((each) => each.passed).length} of ${runs}`;
      const times = [seconds(own.map(({ readyS }) => readyS)), seconds(own.map(({ allS }) => allS))];
      return `| ${[title, await lines(file), ...times, passed].join(' | ')} |`;
    });
    const date = new Date().toISOString().slice(0, 10);
    const table = [
      `Ten tests of one pipeline, written three times ([scripts/bench/suites](../scripts/bench/suites)): medians of ${runs} runs of \`npm run suites\` on ${date}, LocalStack 4.14.0, Node.js ${process.versions.node}, ${cpus().length} cores, load ${load.toFixed(1)} before. The second and third run LocalStack in Docker, with functions in containers, and pause ${wait} s after each put.`,
      '',
      '| | lines | until the first test | all | runs in which all passed |',
      '|---|---|---|---|---|',
      ...(await Promise.all(rows)),
    ].join('\n');
    console.log(table);
    await writeFile(PAGE, await replaceBlock(PAGE, 'suites', table));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The packages of the Testcontainers template, and this one, packed. */
async function install(folder: string, signal: AbortSignal): Promise<void> {
  for (const file of ['package.json', 'package-lock.json'])
    await cp(join(ROOT, 'templates/testcontainers-typescript', file), join(folder, file));
  await cp(SUITES, folder, { recursive: true });
  const packed = await pack(folder, signal);
  const options = ['--save-dev', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...options, packed], { cwd: folder, signal });
}

interface Ran {
  file: string;
  readyS: number;
  allS: number;
  passed: boolean;
  output: string;
}

/** Runs a suite, which prints READY before its first test. */
async function runSuite(
  { file, command }: Suite,
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Ran> {
  const startedAt = performance.now();
  const secondsSince = () => (performance.now() - startedAt) / 1_000;
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, file], { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let readyS = Number.NaN;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      if (Number.isNaN(readyS) && output.includes('READY')) readyS = secondsSince();
    });
  const [code] = await once(child, 'close');
  return { file, readyS, allS: secondsSince(), passed: code === 0, output };
}

/** Lines of code. */
async function lines(file: string): Promise<number> {
  const text = await readFile(join(SUITES, file), 'utf8');
  return text.split('\n').filter((line) => line.trim() && !/^\s*(\/\/|#)/.test(line)).length;
}

function seconds(values: number[]): string {
  return `${median(values).toFixed(0)} s`;
}
