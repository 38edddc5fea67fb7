import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { freePort } from '../../src/local/machine/port.ts';
import { objectsIn } from '../support/bucket.ts';
import { sendEvents } from '../support/events.ts';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const DEFINITION = join(REPO, 'init/10-hallow-events.ts');
const NOBODY = 65_534;
/** Another file system, on Linux. */
const OTHER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

test.each(['ministack', 'localstack'])(
  '%s starts and delivers for a user without rights, under umask 077, with TMPDIR on another file system',
  { timeout: 300_000 },
  async (engine) => {
    const isRoot = process.getuid?.() === 0;
    const folders = await Promise.all([tmpdir(), OTHER].map((each) => mkdtemp(join(each, 'ready-hooks-user-'))));
    const [home = '', temporary = ''] = folders;
    for (const folder of folders) if (isRoot) await chown(folder, NOBODY, NOBODY);
    const port = await freePort();
    // The bundle of the other tests is in a folder that only their user can read.
    const program = `'${process.execPath}' --conditions ready-hooks-source --import '${import.meta.resolve('tsx')}' src/cli/main.ts`;
    const hooks = join(home, 'ready.d');
    // Started by npx, this process has root's npm cache in its environment.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
    const run = (command: string) =>
      promisify(execFile)('/bin/sh', ['-c', `umask 077; exec ${program} ${command}`], {
        cwd: REPO,
        env: {
          ...Object.fromEntries(inherited),
          HOME: home,
          TMPDIR: temporary,
          READY_HOOKS_CACHE_DIR: join(home, 'cache'),
          XDG_CACHE_HOME: '',
        },
        ...(isRoot && { uid: NOBODY, gid: NOBODY }),
      });
    try {
      await run(`build '${DEFINITION}' --out '${hooks}'`);
      const { stderr } = await run(`up --engine ${engine} --port ${port} --hooks '${hooks}'`);
      expect(stderr).toMatch(/10-hallow-events is ready in .* 4 created/);
      const endpoint = `http://127.0.0.1:${port}`;
      await sendEvents(endpoint, 'hallow-event-stream', 1);
      await vi.waitFor(async () => expect((await objectsIn(endpoint, 'hallow-events')).size).toBe(1), {
        timeout: 20_000,
        interval: 200,
      });
    } finally {
      await run(`down --port ${port}`);
      for (const folder of folders) {
        await chmod(folder, 0o700);
        await rm(folder, { recursive: true, force: true });
      }
    }
  },
);
