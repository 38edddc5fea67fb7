import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeReadyDTemplate } from './ready-d.ts';

// The package's contents: JavaScript with types, and the files that src/local installs on a machine.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const executor = 'localstack/executor';
const locks = ['localstack', 'localemu', 'ministack', 'python'].map((each) => `${each}/locks`);
for (const each of [executor, ...locks, 'ministack/start.py'])
  cpSync(`src/local/${each}`, `dist/local/${each}`, { recursive: true });
chmodSync('dist/cli/main.js', 0o755);
await writeReadyDTemplate('dist/ready.d');
