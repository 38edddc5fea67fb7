import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import budget from '../../../scripts/bench/budget.json' with { type: 'json' };
import { bundleRuntime, type RuntimeBundle } from '../../../src/build/ready-d/runtime.ts';
import { folderWith } from '../../support/folder.ts';

/** Node.js 18 and 20 load eight more with an AbortSignal: worker_threads and its dependencies. */
const MOST_MODULES_ON_TOP = 8;

/** Writes the names of the built-in modules that the process has loaded, when it exits. */
const LIST_MODULES = `process.on('exit', () => require('node:fs').writeFileSync(process.env.MODULES_FILE,
  JSON.stringify(process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')))));`;

describe('the runtime', () => {
  let runtime: RuntimeBundle;
  beforeAll(async () => {
    runtime = await bundleRuntime();
  });

  it('starts, and reports a folder without a pipeline in one line', () => {
    const folder = folderWith();
    writeFileSync(join(folder, 'ready-hooks.mjs'), runtime.bytes);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['ready-hooks.mjs', './10-a'], {
      cwd: folder,
      env: {},
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('pipeline.json (ENOENT)');
    expect(`${stdout}${stderr}`.trimEnd().split('\n')).toHaveLength(1);
  });

  it('loads hardly more built-in modules than its imports do, until the hook reads its pipeline', () => {
    const imports = budget.builtins.map((name, index) => `import * as m${index} from 'node:${name}'; void m${index};`);
    const folder = folderWith({ 'list.cjs': LIST_MODULES, 'imports.mjs': imports.join('\n') });
    writeFileSync(join(folder, 'hook.mjs'), runtime.bytes);
    const hook = modulesOf(folder, 'hook.mjs');
    const alone = modulesOf(folder, 'imports.mjs');
    // The modules that an import loads differ between Node.js versions, so count only the additional ones.
    const more = hook.filter((name) => !alone.includes(name));
    expect(more.length, more.join(', ')).toBeLessThanOrEqual(MOST_MODULES_ON_TOP);
    expect(hook).toContain('NativeModule http');
  });
});

function modulesOf(folder: string, file: string): string[] {
  const listed = join(folder, `${file}.json`);
  const { error } = spawnSync(process.execPath, ['--require', './list.cjs', file, './10-none'], {
    cwd: folder,
    env: { MODULES_FILE: listed },
  });
  if (error) throw error;
  return JSON.parse(readFileSync(listed, 'utf8'));
}
