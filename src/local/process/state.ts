import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from '../../runtime/file-system.ts';
import { cacheDir } from '../machine/folders.ts';
import { isAlive } from '../machine/processes.ts';
import { wipe } from './data-dir.ts';
import { PRODUCT_NAMES, type ProductName } from './product.ts';

/** An engine that `up` started as a process. */
export interface LocalEngine {
  product: ProductName;
  endpoint: string;
  port: number;
  version: string;
  /** Version of the Python that runs it. */
  python: string;
  pid: number;
  dataDir: string;
  logFile: string;
  /** The ready.d folder that it started with. */
  hooksDir?: string;
  /** Hooks that `up` ran on it later. */
  lateHooks?: string[];
}

export interface EngineRecord extends LocalEngine {
  /** When the process started: its id may later belong to another process. */
  started: string;
  /** Its folder goes with it: nobody chose its port or folder. */
  temporary?: true;
  /** Whether it ends with the process that started it. */
  endsWithOwner?: boolean;
}

const folder = () => join(cacheDir(), 'engines');
const fileOf = (port: number) => join(folder(), `${port}.json`);

export function remember(record: EngineRecord): void {
  mkdirSync(folder(), { recursive: true });
  const file = fileOf(record.port);
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
  renameSync(`${file}.new`, file);
}

export function forget(port: number): void {
  rmSync(fileOf(port), { force: true });
}

/** The running engines. Ignores records of engines that were killed, or ran before the machine restarted. */
export function running(): EngineRecord[] {
  const names = existsSync(folder()) ? readdirSync(folder()).filter((name) => /^\d+\.json$/.test(name)) : [];
  return names.flatMap((name) => read(join(folder(), name)) ?? []).filter(isAlive);
}

/** Removes what engines left behind that ended with their owner or were killed. */
export function removeDead(): void {
  const names = existsSync(folder()) ? readdirSync(folder()).filter((name) => /^\d+\.json$/.test(name)) : [];
  for (const record of names.flatMap((name) => read(join(folder(), name)) ?? [])) {
    if (isAlive(record) || !record.endsWithOwner) continue;
    wipe(record.dataDir);
    rmSync(record.dataDir, { recursive: true, force: true });
    forget(record.port);
  }
}

/** Undefined for a file that is incomplete or has another form. */
export function read(file: string): EngineRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as EngineRecord;
    const { product, pid, port, started } = record;
    const whole = product in PRODUCT_NAMES && Number.isInteger(pid) && Number.isInteger(port) && started !== undefined;
    return whole ? record : undefined;
  } catch {
    return undefined;
  }
}
