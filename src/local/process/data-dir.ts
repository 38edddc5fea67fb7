import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProductName } from './product.ts';

/** All but the logs, in a folder of a name that nobody else takes: `dataDir` may be any folder of the user's. */
export function stateDirOf(dataDir: string): string {
  return join(dataDir, '.ready-hooks');
}

/** Removes what an engine keeps beside its log. */
export function wipe(dataDir: string): void {
  rmSync(stateDirOf(dataDir), { recursive: true, force: true, maxRetries: 5 });
}

/** A fresh folder for an engine, and the file of its log; the log of the last one is kept under another name. */
export function freshFolder(dataDir: string, product: ProductName): { stateDir: string; logFile: string } {
  mkdirSync(dataDir, { recursive: true });
  wipe(dataDir);
  const logFile = join(dataDir, `${product}.log`);
  if (existsSync(logFile)) renameSync(logFile, join(dataDir, `${product}.previous.log`));
  return { stateDir: stateDirOf(dataDir), logFile };
}
