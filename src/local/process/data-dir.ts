import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mkdirSync, renameSync, rmSync } from '../../runtime/file-system.ts';
import type { ProductName } from './product.ts';

/** Everything but the logs, in a folder with an unmistakable name: `dataDir` may be any folder of the user. */
export function stateDirOf(dataDir: string): string {
  return join(dataDir, '.ready-hooks');
}

/** Removes everything of an engine but its log. */
export function wipe(dataDir: string): void {
  rmSync(stateDirOf(dataDir), { recursive: true, force: true, maxRetries: 5 });
}

/** A new folder for an engine, and its log file; the previous log is kept under another name. */
export function freshFolder(dataDir: string, product: ProductName): { stateDir: string; logFile: string } {
  mkdirSync(dataDir, { recursive: true });
  wipe(dataDir);
  const logFile = join(dataDir, `${product}.log`);
  if (existsSync(logFile)) renameSync(logFile, join(dataDir, `${product}.previous.log`));
  return { stateDir: stateDirOf(dataDir), logFile };
}
