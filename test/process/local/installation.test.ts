import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { preparedFolder } from '../../../src/local/localstack/prepare.ts';
import { installed, isInstalled } from '../../../src/local/machine/installed.ts';
import { withLock } from '../../../src/local/machine/lock.ts';
import { venvFolder } from '../../../src/local/python/venv.ts';
import { AbortedError } from '../../../src/runtime/errors.ts';
import { sharedFolder } from '../../support/folder.ts';

// A lock names its process, which macOS knows by the command ps.
const folder = sharedFolder();

describe('installation', () => {
  test('is done once, however many processes ask', async () => {
    const target = join(folder, 'once');
    let fills = 0;
    const fill = async (into: string) => {
      fills++;
      await sleep(50);
      writeFileSync(join(into, 'file'), 'x');
    };
    await Promise.all([1, 2, 3].map(() => installed(target, {}, fill)));
    expect(fills).toBe(1);
    expect(isInstalled(target)).toBe(true);
    expect(existsSync(`${target}.lock`)).toBe(false);
  });

  test.each<[string, (stop: AbortController) => void, RegExp]>([
    ['that fails', () => expect.unreachable('no index'), /no index/],
    ['that is stopped', (stop) => stop.abort(), /The installation of half was stopped/],
  ])('%s leaves nothing', async (_, act, message) => {
    const target = join(folder, 'half');
    const stop = new AbortController();
    const fill = async (into: string) => {
      writeFileSync(join(into, 'file'), 'x');
      act(stop);
    };
    await expect(installed(target, { signal: stop.signal }, fill)).rejects.toThrow(message);
    expect(existsSync(target)).toBe(false);
  });

  test('an incomplete one, left by a killed process, is done again', async () => {
    const target = join(folder, 'killed');
    mkdirSync(target);
    writeFileSync(join(target, 'rest'), 'x');
    mkdirSync(`${target}.lock`);
    writeFileSync(join(`${target}.lock`, 'owner.json'), JSON.stringify({ pid: process.pid, started: 'earlier' }));
    await installed(target, {}, async (into) => writeFileSync(join(into, 'file'), 'x'));
    expect(isInstalled(target)).toBe(true);
    expect(existsSync(join(target, 'rest'))).toBe(false);
  });

  test('other scripts or another lock install elsewhere, byte code does not', () => {
    const executor = join(folder, 'executor');
    mkdirSync(executor);
    writeFileSync(join(executor, 'start.py'), 'one');
    const prepared = () => preparedFolder('/venv', '4.14.0', executor);
    const first = prepared();
    writeFileSync(join(executor, 'start.pyc'), 'byte code');
    expect(prepared()).toBe(first);
    writeFileSync(join(executor, 'start.py'), 'two');
    expect(prepared()).not.toBe(first);

    const lock = join(folder, 'lock.txt');
    const venv = () => venvFolder({ name: 'LocalStack 4.14.0', cost: '', lock }, '3.13', '/cache');
    writeFileSync(lock, 'a==1');
    const before = venv();
    writeFileSync(lock, 'a==2');
    expect(venv()).not.toBe(before);
  });

  test('waiting for another one can be aborted', async () => {
    const lock = join(folder, 'a.lock');
    const stop = new AbortController();
    await withLock(lock, {}, async () => {
      const second = withLock(lock, { signal: stop.signal, onWait: () => stop.abort() }, async () => 'never');
      await expect(second).rejects.toThrow(AbortedError);
    });
    expect(await withLock(lock, {}, async () => 'again')).toBe('again');
  });
});
