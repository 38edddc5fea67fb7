import { expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { folderWith } from '../../support/folder.ts';

test.each([
  [
    ['--version', '9.9.9', '--engine', 'localstack'],
    1,
    /^ready-hooks: LocalStack 9\.9\.9 is not available without Docker; expected one of 2026\.3\.0, 4\.14\.0, /m,
  ],
  [['--version', '9.9.9'], 1, /^ready-hooks: LocalStack 9\.9\.9 is not available without Docker/m],
  [['--version', '9.9.9', '--engine', 'ministack'], 1, /^ready-hooks: MiniStack 9\.9\.9 is not available; expected /m],
  [
    ['--version', '4.2.0', '--engine', 'docker'],
    1,
    /^ready-hooks: --version works only without Docker; .* use --engine localstack\.$/m,
  ],
])('up %j does not start another version', async (args, code, message) => {
  const env = { READY_HOOKS_CACHE_DIR: folderWith() };
  expect(await cli(['up', '--port', '0', ...args], { env })).toEqual({
    code,
    stdout: '',
    stderr: expect.stringMatching(message),
  });
});
