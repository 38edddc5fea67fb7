import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from '../../runtime/file-system.ts';

/** A process; its start time distinguishes it from a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; equal only for the same process. */
  started: string;
}

interface Row extends ProcessIdentity {
  parent: number;
  group: number;
  zombie: boolean;
}

/** All processes of this machine that this user can see. */
function table(): Row[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (fromProc(Number(entry)) ?? []) : []));
  }
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return text.split('\n').flatMap((line) => fromPs(line) ?? []);
}

function fromProc(pid: number): Row | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** /proc/PID/stat; the command in parentheses may itself contain spaces and parentheses. */
export function parseStat(stat: string): Row {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    started: fields[19] ?? '',
    // Its main thread may have ended before the others, which still hold its ports.
    zombie: (state === 'Z' || state === 'X') && Number(fields[17]) <= 1,
  };
}

function fromPs(line: string): Row | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
  if (!match) return undefined;
  const [, pid, parent, group, state = '', started = ''] = match;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), started, zombie: state.startsWith('Z') };
}

/** The process with this id; undefined if none runs. */
export function identify(pid: number): ProcessIdentity | undefined {
  const row = process.platform === 'linux' ? fromProc(pid) : table().find((each) => each.pid === pid);
  return row && !row.zombie ? { pid: row.pid, started: row.started } : undefined;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** The process, its process group, and all their descendants. */
export function family(identity: ProcessIdentity): ProcessIdentity[] {
  const rows = table().filter((row) => !row.zombie);
  const members = new Set(rows.filter((row) => row.pid === identity.pid || row.group === identity.pid));
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    const pids = new Set([...members].map((row) => row.pid));
    for (const row of rows) if (pids.has(row.parent)) members.add(row);
  }
  return [...members].map(({ pid, started }) => ({ pid, started }));
}

/** Sends a signal, unless the process has ended or its id now belongs to another one. */
export function signalTo(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
