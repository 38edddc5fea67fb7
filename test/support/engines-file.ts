import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The engines of a test run, as written once all have started or one has failed to. */
export interface Engines {
  engines: { endpoint: string; dataDir: string }[];
  problem?: string;
}

export async function publishEngines(file: string, engines: Engines): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(engines));
  await rename(`${file}.new`, file);
}

/** Waits until the engines of this run have started. */
export async function untilEnginesAreUp(): Promise<void> {
  const file = engineFile();
  while (!existsSync(file)) await sleep(50);
  const { problem } = startedEngines();
  if (problem) throw new Error(`The engines of the tests could not start: ${problem}`);
}

export function startedEngines(): Engines {
  return JSON.parse(readFileSync(engineFile(), 'utf8'));
}

function engineFile(): string {
  const file = process.env['READY_HOOKS_TEST_ENGINES'];
  if (!file) throw new Error('No engine was started for this project of vitest.config.ts');
  return file;
}
