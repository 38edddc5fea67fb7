import { expect, test } from 'vitest';
import { script } from '../../support/cli.ts';

test.each<[name: string, args: string[], problem: string]>([
  ['start', ['--port', 'abc'], "argument 'abc' is invalid. expected a port from 0 to 65535."],
  ['start', ['--prot', '4567'], 'Did you mean --port?'],
  ['start', ['4567'], 'too many arguments'],
  ['start', ['--engine', 'docker-compose'], 'Allowed choices are auto, docker, localstack, localemu, ministack'],
  ['stop', ['--port', '65536'], 'expected a port from 0 to 65535.'],
  ['soak', ['--runs', '0'], 'expected a whole number, 1 or more.'],
  ['compat', ['--only', '('], 'expected a regular expression'],
])('%s rejects %j before it does anything', async (name, args, problem) => {
  const { code, stdout, stderr } = await run(name, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).not.toContain('bug');
});

test('prints the options of a script', async () => {
  const { code, stdout } = await run('start', '--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: npm start -- [options]');
});

const run = (name: string, ...args: string[]) => script(`scripts/${name}.ts`, args);
