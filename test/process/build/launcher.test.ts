import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launcher } from '../../../src/build/ready-d/launcher.ts';
import { folderWith } from '../../support/folder.ts';

const PATH = process.env['PATH'] ?? '';
const which = (name: string) =>
  PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
const shells: [string, string[]][] = ['sh', 'dash', 'bash', 'busybox'].flatMap((name) => {
  const file = which(name);
  return file ? [[name, name === 'busybox' ? [file, 'sh'] : [file]] as [string, string[]]] : [];
});

const RUNTIME = `process.stdout.write(process.argv[2]); process.exitCode = 7;`;

/** ready.d with a launcher whose runtime prints its argument, in a folder with a space in its name. */
function readyD(): string {
  const folder = folderWith({ 'ready.d/10-a.sh': launcher('10-a'), 'ready.d/ready-hooks.cjs': RUNTIME });
  chmodSync(join(folder, 'ready.d/10-a.sh'), 0o755);
  return join(folder, 'ready.d');
}

function run(command: string[], options: { cwd: string; path?: string }) {
  const [file = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: options.cwd,
    env: { PATH: options.path ?? PATH },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe.each(shells)('the launcher under %s', (_, shell) => {
  test.each([
    ['from its own folder', (folder: string) => ({ cwd: folder, file: '10-a.sh', argument: './10-a' })],
    ['as ./x.sh', (folder: string) => ({ cwd: folder, file: './10-a.sh', argument: './10-a' })],
    [
      'from elsewhere',
      (folder: string) => ({ cwd: '/', file: join(folder, '10-a.sh'), argument: join(folder, '10-a') }),
    ],
    [
      'by a relative path',
      (folder: string) => ({ cwd: join(folder, '..'), file: 'ready.d/10-a.sh', argument: 'ready.d/10-a' }),
    ],
  ])('starts the runtime %s and returns its exit code', (_name, where) => {
    const { cwd, file, argument } = where(readyD());
    expect(run([...shell, file], { cwd })).toEqual({ status: 7, stdout: argument, stderr: '' });
  });

  test('starts from a read-only folder whose name starts with a dash', () => {
    const folder = readyD();
    symlinkSync(folder, join(folder, '../-ready'));
    chmodSync(folder, 0o555);
    expect(
      run(
        [...shell, '-ready/10-a.sh'].filter((part) => part !== ''),
        { cwd: join(folder, '..') },
      ).status,
    ).not.toBe(0);
    expect(run([...shell, '--', '-ready/10-a.sh'], { cwd: join(folder, '..') })).toMatchObject({
      stdout: './-ready/10-a',
    });
    chmodSync(folder, 0o755);
  });

  test('reports in one line that node is missing', () => {
    const { status, stdout, stderr } = run([...shell, join(readyD(), '10-a.sh')], { cwd: '/', path: folderWith() });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^10-a: this hook needs Node.js 18 or newer, but found no node in PATH=.*see 'Images without Node.js' in docs\/compose.md.\n$/,
    );
  });

  test('fails with the shell’s own error if node does not run', () => {
    const bin = folderWith({ node: 'no program' });
    chmodSync(join(bin, 'node'), 0o755);
    const { status, stderr } = run([...shell, join(readyD(), '10-a.sh')], { cwd: '/', path: bin });
    expect(status).toBeGreaterThan(0);
    expect(stderr).toMatch(/node/);
  });

  test('reports in one line that the runtime is missing', () => {
    const folder = folderWith({ '10-a.sh': launcher('10-a') });
    const { status, stderr } = run([...shell, join(folder, '10-a.sh')], { cwd: '/' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      `10-a: ready-hooks.cjs is missing in ${folder}: mount the whole ready.d folder, not only this script.\n`,
    );
  });
});

test('runs by its own shebang, and through a link beside a linked runtime', () => {
  const folder = readyD();
  expect(run([join(folder, '10-a.sh')], { cwd: '/' })).toMatchObject({ status: 7, stdout: join(folder, '10-a') });
  const mount = join(folder, '../mount');
  mkdirSync(mount);
  for (const name of ['10-a.sh', 'ready-hooks.cjs']) symlinkSync(join(folder, name), join(mount, name));
  expect(run([join(mount, '10-a.sh')], { cwd: '/' })).toMatchObject({ status: 7, stdout: join(mount, '10-a') });
});

test('has only LF', () => {
  expect(launcher('10-a')).not.toContain('\r');
  expect(launcher('10-a').endsWith('\n')).toBe(true);
});
