import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError } from '../../runtime/errors.ts';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from '../../runtime/file-system.ts';
import { identify, isAlive, type ProcessIdentity } from './processes.ts';

const POLL_MS = 100;
/** A lock without an owner after this time was left by a process that died. */
const OWNER_MS = 2_000;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once if another process holds the lock. */
  onWait?: () => void;
}

/** Runs the action while holding a lock that excludes other processes of this machine. Takes over a dead owner's lock. */
export async function withLock<T>(folder: string, options: LockOptions, action: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(folder), { recursive: true });
  const self = identify(process.pid);
  let ownerless = 0;
  for (let waited = 0; !create(folder); waited += POLL_MS) {
    if (options.signal?.aborted) throw new AbortedError('Stopped while waiting for another ready-hooks process.');
    const owner = readOwner(folder);
    ownerless = owner ? 0 : ownerless + POLL_MS;
    if (owner ? !isAlive(owner) : ownerless > OWNER_MS) breakLock(folder, owner);
    else {
      if (waited === 0) options.onWait?.();
      await sleep(POLL_MS);
    }
  }
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(self));
  try {
    return await action();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** mkdir is atomic: only one of several processes succeeds. */
function create(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(folder: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Removes a dead owner's lock by renaming it, so that only one of several processes does. */
function breakLock(folder: string, dead: ProcessIdentity | undefined): void {
  const aside = `${folder}.stale-${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return; // another process was faster
  }
  // This is the lock of a new owner, which was faster: put it back.
  const owner = readOwner(aside);
  if (owner && owner.pid !== dead?.pid && isAlive(owner)) renameSync(aside, folder);
  else rmSync(aside, { recursive: true, force: true });
}
