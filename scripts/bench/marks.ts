import { chmod, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimeoutError } from '../../src/runtime/errors.ts';

/** Names of the hooks that run before and after the measured one, and record the time. */
export const [BEGAN, ENDED] = ['00-began.sh', '99-ended.sh'];

const LIMIT_MS = 60_000;

/** Writes a hook that creates `file`; the file's time is when the hook started. */
export async function mark(script: string, file: string): Promise<void> {
  await writeFile(script, `#!/bin/sh\n: >"${file}"\n`);
  await chmod(script, 0o755);
}

/** The time when the hook of `mark` ran. */
export async function timeOf(file: string, signal: AbortSignal): Promise<number> {
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await sleep(10)) {
    signal.throwIfAborted();
    const made = await stat(file).catch(() => undefined);
    if (made) return made.mtimeMs;
  }
  throw new TimeoutError(
    `The hooks did not end within ${LIMIT_MS / 1000} s after LocalStack started: expected the file ${file}.`,
  );
}
