import { expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

const cwd = sharedFolder({ 'init/10-s.json': '{"streams":{"s":{}}}', 'init/20-bad.json': '{"streams":{"s":1}}' });
const NOWHERE = ['--endpoint', 'http://127.0.0.1:1'];

test('one object has the version of the schema', async () => {
  const { stdout } = await cli(['plan', '10-s', '--json'], { cwd, env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } });
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    plans: [{ pipeline: 'init/10-s.json', steps: [{ step: 'stream s' }] }],
  });
});

test.each([
  [['apply', '10-s', ...NOWHERE], /^Nothing answers at /],
  [['apply', ...NOWHERE], /20-bad\.json: streams\.s is 1/],
  [['destroy', '10-s', ...NOWHERE], /^Nothing answers at /],
  [['dev', '10-s', ...NOWHERE], /^Nothing answers at /],
  [['tail', 's', ...NOWHERE], /^Nothing answers at /],
])('%j --json ends with a summary that has the problem', async (args, problem) => {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ready-hooks: /);
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    type: 'summary',
    exitCode: 1,
    counts: {},
    problem: expect.stringMatching(problem),
  });
});

test('invalid usage prints no JSON', async () => {
  expect(await cli(['apply', '--json', '--none'], { cwd })).toMatchObject({ code: 2, stdout: '' });
});
