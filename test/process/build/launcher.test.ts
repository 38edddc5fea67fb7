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
  const folder = folderWith({ 'ready.d/10-a.sh': launcher('10-a'), 'ready.d/ready-hooks.mjs': RUNTIME });
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
      stdout: '-ready/10-a',
    });
    chmodSync(folder, 0o755);
  });

  test.each([
    ['node is missing', undefined, 'this hook needs Node.js 18 or newer, but found no working node in PATH='],
    [
      'node does not run',
      '#!/bin/sh\nexit 127\n',
      'this hook needs Node.js 18 or newer, but found no working node in PATH=',
    ],
    ['node is missing', undefined, "see 'Images without Node.js' in docs/compose.md."],
    ['node is old', '#!/bin/sh\necho v16.20.2\n', 'this hook needs Node.js 18 or newer, but found v16.20.2.'],
    ['node is something else', '#!/bin/sh\necho what\n', 'this hook needs Node.js 18 or newer, but found what.'],
  ])('reports in one line that %s', (_name, node, message) => {
    const folder = readyD();
    const bin = folderWith(node === undefined ? {} : { node });
    if (node !== undefined) chmodSync(join(bin, 'node'), 0o755);
    const { status, stdout, stderr } = run([...shell, join(folder, '10-a.sh')], { cwd: '/', path: bin });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^10-a: /);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('reports in one line that the runtime is missing', () => {
    const folder = folderWith({ '10-a.sh': launcher('10-a') });
    const { status, stderr } = run([...shell, join(folder, '10-a.sh')], { cwd: '/' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      `10-a: ready-hooks.mjs is missing in ${folder}: mount the whole ready.d folder, not only this script.\n`,
    );
  });
});

test('runs by its own shebang, and through a link beside a linked runtime', () => {
  const folder = readyD();
  expect(run([join(folder, '10-a.sh')], { cwd: '/' })).toMatchObject({ status: 7, stdout: join(folder, '10-a') });
  const mount = join(folder, '../mount');
  mkdirSync(mount);
  for (const name of ['10-a.sh', 'ready-hooks.mjs']) symlinkSync(join(folder, name), join(mount, name));
  expect(run([join(mount, '10-a.sh')], { cwd: '/' })).toMatchObject({ status: 7, stdout: join(mount, '10-a') });
});

test('has only LF', () => {
  expect(launcher('10-a')).not.toContain('\r');
  expect(launcher('10-a').endsWith('\n')).toBe(true);
});
