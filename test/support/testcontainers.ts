import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/local/machine/command.ts';
import { pack } from './pack.ts';
import { writeReadyDTemplate } from './ready-d.ts';

const TEMPLATE = join(import.meta.dirname, '../../templates/testcontainers-typescript');

/** Copies the template to a folder, installs the packed package, runs the template's tests and returns their output. */
export async function runTestcontainersTemplate(folder: string): Promise<string> {
  await cp(TEMPLATE, folder, { recursive: true });
  await writeReadyDTemplate(join(folder, 'init/ready.d'));
  const packed = await pack(folder);
  const options = ['--save-dev', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...options, packed], { cwd: folder });
  // The container that cleans up after a killed test needs another image, which is not available everywhere.
  const env = { ...process.env, NO_COLOR: '1', TESTCONTAINERS_RYUK_DISABLED: 'true' };
  return run('npm', ['test'], { cwd: folder, env });
}
