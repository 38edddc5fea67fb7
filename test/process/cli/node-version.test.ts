import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const REPO = fileURLToPath(new URL('../../..', import.meta.url));
const { engines } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8'));

/** Runs node with another version number. */
function runOn(version: string, ...args: string[]): Promise<{ code: unknown; stderr: string }> {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  return new Promise((done) =>
    // Without warnings about what a newer Node.js deprecates: tsx believes the pretended version.
    execFile(process.execPath, ['--no-deprecation', '--import', pretend, ...args], { cwd: REPO }, (error, _, stderr) =>
      done({ code: error?.code ?? 0, stderr }),
    ),
  );
}

test.each([
  ['ready-hooks', ['bin/ready-hooks.mjs', '--version']],
  // A bundle, because tsx reads the version, too.
  ['npm start', [join(process.env['READY_HOOKS_TEST_PROGRAMS'] ?? '', 'scripts/start.mjs'), '--help']],
])('%s names the needed version on an older Node.js', async (_, args) => {
  const { code, stderr } = await runOn('16.20.2', ...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ready-hooks: Node\.js 16\.20\.2 is too old; ready-hooks needs (\d+) or newer\. [^\n]*\n$/);
  expect(engines.node).toBe(`>=${/needs (\d+)/.exec(stderr)?.[1]}`);
});

test('the needed version is enough', async () => {
  const version = `${engines.node.slice(2)}.0.0`;
  expect(await runOn(version, 'bin/ready-hooks.mjs', '--version')).toEqual({ code: 0, stderr: '' });
});
