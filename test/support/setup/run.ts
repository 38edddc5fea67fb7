import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Identifies this run of the tests in the environment of every process that it starts, such as its engines. */
export const RUN = 'READY_HOOKS_TEST_RUN';

/** Kills the processes that this run leaves behind, however it ends: engines are detached, so they survive Ctrl-C and SIGKILL. */
export default function setup() {
  // vitest calls this for each project, and the workers inherit the environment.
  if (process.env[RUN]) return;
  process.env[RUN] = `${process.pid}-${Date.now()}`;
  const file = fileURLToPath(new URL('./end-processes.mjs', import.meta.url));
  const child = spawn(process.execPath, [file, `${RUN}=${process.env[RUN]}`], {
    env: { PATH: process.env['PATH'] },
    detached: true,
    // The pipe closes when this process ends.
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as Socket).unref();
}
