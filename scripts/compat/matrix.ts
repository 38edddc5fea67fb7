import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ExpectedError } from '../../src/runtime/errors.ts';
import { hookEnded, none, runCell } from './cell.ts';
import { type MatrixEngine, NODE_VERSIONS, NODES, type NodeVersion } from './engines.ts';
import { writeHooks } from './hooks.ts';
import { type Cell, stable } from './result.ts';
import { measure, type Outcomes } from './settings/measure.ts';
import type { Probe } from './settings/probe.ts';

interface Options {
  /** Default: all. */
  nodes?: readonly NodeVersion[];
  signal: AbortSignal;
  onProgress?: (line: string) => void;
}

/** Starts an engine once, with each Node's hook, and checks each hook. An engine that does not start is a result, too. */
export async function runEngine(
  engine: MatrixEngine,
  { signal, nodes = engine.nodes ?? NODE_VERSIONS, onProgress = () => {} }: Options,
): Promise<Cell[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-compat-'));
  const cells: Cell[] = [];
  const add = (node: string, outcomes: Cell['outcomes']) => {
    cells.push({ engine: engine.name, node, outcomes });
    onProgress(
      `${engine.name}, Node ${node}: ${Object.entries(outcomes)
        .map(([check, got]) => `${check} ${got}`)
        .join(', ')}`,
    );
  };
  try {
    await installNodes();
    const hooks = await writeHooks(folder, nodes);
    const running = await engine.start(folder, signal).catch((error) => {
      if (!(error instanceof ExpectedError) || signal.aborted) throw error;
      return error;
    });
    if (running instanceof Error) {
      for (const { node } of hooks) add(node, none(stable(running.message)));
      return cells;
    }
    try {
      // The doctor checks every mapping, also those of hooks that still run. A failure is a result of its own cell.
      await Promise.allSettled(hooks.map((hook) => hookEnded(hook, signal)));
      for (const hook of hooks) {
        add(hook.node, await runCell(running.endpoint, hook, signal));
        if (cells.at(-1)?.outcomes.hook === 'ok') await checkNode(hook.version, hook.node);
      }
    } finally {
      await running.stop();
    }
    return cells;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts an engine without hooks, and measures the settings of its mappings. */
export async function measureEngine(
  engine: MatrixEngine,
  { probes, signal, onProgress }: Omit<Options, 'nodes'> & { probes?: readonly Probe[] },
): Promise<Outcomes> {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-compat-'));
  try {
    await mkdir(join(folder, 'ready.d'));
    const { endpoint, stop } = await engine.start(folder, signal, MANY_POLLERS);
    onProgress?.(`${engine.name}:`);
    try {
      return await measure(endpoint, { probes, signal, onProgress });
    } finally {
      await stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** At the usual 0.1 s, polling alone would keep a core busy. */
const MANY_POLLERS = { LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.4' };

export async function installNodes(): Promise<void> {
  const binaries = NODE_VERSIONS.map((node) => join(NODES, 'node_modules', `node${node}`, 'bin/node'));
  if (binaries.every((file) => existsSync(file))) return;
  await promisify(execFile)('npm', ['ci', '--prefix', NODES, '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Throws unless the hook ran on the Node named in its cell. */
async function checkNode(file: string, node: string): Promise<void> {
  const version = await readFile(file, 'utf8');
  if (!version.startsWith(`v${node}.`)) throw new Error(`Expected Node ${node}, but the hook ran on ${version.trim()}`);
}
