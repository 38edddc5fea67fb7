import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { startedEngines } from './engines-file.ts';

let own: string | undefined;

/** This worker's LocalStack. Tests share it, so each uses unique names. */
export function endpoint(): string {
  own ??= claim(startedEngines().engines);
  return own;
}

const LIMIT_MS = 30_000;

/**
 * Claims an engine, for as long as this process lives, by a link beside its data that names the process: a link is created with
 * its content in one step. VITEST_POOL_ID is the same for two workers if one of an earlier project ends late (vitest 4.1).
 */
function claim(engines: readonly { endpoint: string; dataDir: string }[]): string {
  for (let waitedMs = 0; waitedMs < LIMIT_MS; waitedMs += 100) {
    const free = engines.find(({ dataDir }) => isClaimed(`${dataDir}.claim`));
    if (free) return free.endpoint;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  throw new Error(`All ${engines.length} engines are in use by other workers`);
}

function isClaimed(file: string): boolean {
  try {
    symlinkSync(String(process.pid), file);
    process.once('exit', () => rmSync(file, { force: true }));
    return true;
  } catch {
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true });
    return false;
  }
}

function ownerOf(file: string): number {
  try {
    return Number(readlinkSync(file));
  } catch {
    return process.pid; // It was released in between: try again.
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
