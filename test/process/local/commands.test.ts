import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandError, run } from '../../../src/local/machine/command.ts';
import { checkPort } from '../../../src/local/machine/port.ts';
import { identify, isAlive } from '../../../src/local/machine/processes.ts';
import { AbortedError } from '../../../src/runtime/errors.ts';
import { folderWith } from '../../support/folder.ts';

test('a process differs from a later one with the same id', async () => {
  const child = spawn('sleep', ['100']);
  const identity = identify(child.pid ?? 0);
  expect(identity && isAlive(identity)).toBe(true);
  expect(isAlive({ pid: child.pid ?? 0, started: 'earlier' })).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identity && isAlive(identity)).toBe(false);
});

const LISTENER = `import socket, threading, time
server = socket.create_server(('127.0.0.1', 0))
memory = bytearray(200_000_000)
for _ in range(60): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
print(server.getsockname()[1], flush=True)
time.sleep(100)`;

test('a killed process is alive until its last thread has freed its port', async () => {
  const child = spawn('python3', ['-c', LISTENER]);
  const [port] = await once(child.stdout, 'data');
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('python3 does not run');
  child.kill('SIGKILL');
  // Without a pause, so that Node.js does not collect the process meanwhile.
  while (isAlive(identity));
  await checkPort(Number(port));
});

describe('commands', () => {
  test('fail with their reason', async () => {
    const error = await run('sh', ['-c', 'echo one >&2; echo two >&2; exit 3']).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toBe('CommandError: two');
    await expect(run('no-such-command', [])).rejects.toThrow(/ENOENT/);
  });

  test('are killed with all their child processes before the abort is reported', async () => {
    const folder = folderWith();
    const stop = new AbortController();
    const running = run('sh', ['-c', `sleep 100 & echo $! > '${folder}/pid'; wait`], { signal: stop.signal });
    await expect.poll(() => existsSync(join(folder, 'pid'))).toBe(true);
    stop.abort();
    await expect(running).rejects.toThrow(AbortedError);
    expect(identify(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBeUndefined();
  });
});
