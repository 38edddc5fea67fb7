import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rm } from '../../runtime/file-system.ts';
import { family, isAlive, type ProcessIdentity, signalTo } from '../machine/processes.ts';
import { wipe } from './data-dir.ts';
import { type EngineRecord, forget, type LocalEngine, running } from './state.ts';

export interface EngineFilter {
  /** Default: 4566, or any port if `dataDir` is given. */
  port?: number;
  dataDir?: string;
}

/** Time for an engine to end by itself, in milliseconds; then for what outlives it, such as a hook; then for SIGKILL to work. */
const TERM_MS = 8_000;
const LEFT_MS = 2_000;
const KILL_MS = 5_000;

export function findRecord(filter: EngineFilter = {}): EngineRecord | undefined {
  const { port } = filter;
  const dataDir = filter.dataDir && resolve(filter.dataDir);
  return running().find((engine) =>
    dataDir === undefined
      ? engine.port === (port ?? 4566)
      : engine.dataDir === dataDir && (port ?? engine.port) === engine.port,
  );
}

/** The running engine that `up` started. */
export async function findEngine(filter: EngineFilter = {}): Promise<LocalEngine | undefined> {
  const record = findRecord(filter);
  return record && withoutIdentity(record);
}

export function withoutIdentity({ started: _, temporary: __, ...engine }: EngineRecord): LocalEngine {
  return engine;
}

/** Stops the engine with all its processes and removes its state; the log stays, unless the system chose its port. Returns the engine; undefined if none ran. */
export async function down(filter: EngineFilter = {}): Promise<LocalEngine | undefined> {
  const record = findRecord(filter);
  if (!record) return undefined;
  await end(record);
  forget(record.port);
  if (record.temporary) await rm(record.dataDir, { recursive: true, force: true, maxRetries: 5 });
  else wipe(record.dataDir);
  return withoutIdentity(record);
}

/** SIGTERM to the engine, which ends most of its processes, then to those that are left; then SIGKILL. */
export async function end(engine: ProcessIdentity, termMs = TERM_MS): Promise<void> {
  const all = family(engine);
  signalTo(engine, 'SIGTERM');
  await gone([engine], termMs);
  const left = [...new Map([...all, ...family(engine)].map((each) => [each.pid, each])).values()];
  for (const [signal, limitMs] of [['SIGTERM', LEFT_MS] as const, ['SIGKILL', KILL_MS] as const]) {
    for (const each of left.filter(isAlive)) signalTo(each, signal);
    await gone(left, limitMs);
  }
}

async function gone(processes: readonly ProcessIdentity[], limitMs: number): Promise<void> {
  const limit = Date.now() + limitMs;
  while (processes.some(isAlive) && Date.now() < limit) await sleep(50);
}
