import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('an interrupted run of the tests ends its engines: detached processes with its mark', async () => {
  const { PATH } = process.env;
  const mark = randomUUID();
  const engine = spawn('sleep', ['100'], { env: { PATH, MARK: mark }, detached: true, stdio: 'ignore' });
  const ended = once(engine, 'exit');
  const watcher = join(import.meta.dirname, '../support/setup/end-processes.mjs');
  const run = spawn(
    process.execPath,
    [
      '-e',
      `require('child_process').spawn(process.execPath, [${JSON.stringify(watcher)}, 'MARK=${mark}'], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] }).unref(); console.log('runs'); setTimeout(() => {}, 1e5)`,
    ],
    { env: { PATH } },
  );
  await once(run.stdout, 'data');
  run.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
});
