import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, startCli } from '../support/cli.ts';
import { type ComposeProject, composeProject, needDocker } from '../support/compose-project.ts';
import { putTogether } from '../support/records.ts';

/** Functions that start, and fail on every event; with the line that tail shows. */
const FAILING: Record<string, { code: string; settings?: object; shows: RegExp }> = {
  throws: { code: `() => { throw new TypeError('this event is not for me'); }`, shows: /this event is not for me/ },
  // The stand-in for the init logs no line about an exit, only the end of each call; the first is the check of its start.
  exits: { code: '() => process.exit(3)', shows: /took [\s\S]*took / },
  memory: { code: '() => { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)); }', shows: /memory/ },
  slow: {
    code: '() => new Promise((done) => setTimeout(done, 60_000))',
    settings: { timeoutSeconds: 1 },
    shows: /timed out after 1/,
  },
};
const NAMES = Object.keys(FAILING);
const within = { timeout: 90_000, interval: 500 };

// One LocalStack for the whole file.
let project: ComposeProject;
const fromOutside = (command: string, ...args: string[]) =>
  cli([command, ...args, '--endpoint', project.endpoint], { cwd: project.folder });

/** A definition of a stream, a function and a mapping for each name. */
async function define(name: string, functions: Record<string, { code: string; settings?: object }>): Promise<string> {
  const names = Object.keys(functions);
  await mkdir(join(project.folder, 'functions'), { recursive: true });
  for (const each of names) await writeFile(join(project.folder, `functions/${each}.mjs`), functions[each]?.code ?? '');
  const pipeline = {
    streams: Object.fromEntries(names.map((each) => [each, {}])),
    functions: Object.fromEntries(
      names.map((each) => [
        each,
        { entry: `./functions/${each}.mjs`, timeoutSeconds: 10, memorySize: 128, ...functions[each]?.settings },
      ]),
    ),
    eventSourceMappings: names.map((each) => ({ stream: each, function: each, startingPosition: 'TRIM_HORIZON' })),
  };
  const file = join(project.folder, `${name}.json`);
  await writeFile(file, JSON.stringify(pipeline));
  return file;
}

const exported = (code: string) => ({ code: `export const handler = ${code};\n` });
const unloadable = `if (process.env.AWS_LAMBDA_FUNCTION_NAME) throw new Error('a setting is missing');\n${exported('() => {}').code}`;

beforeAll(async () => {
  await needDocker();
  project = await composeProject();
  const failing = Object.entries(FAILING).map(([name, each]) => [name, { ...each, ...exported(each.code) }]);
  await project.build(await define('10-failing', Object.fromEntries(failing)));
  await project.up('localstack');
}, 120_000);
afterAll(() => project?.remove());

test('tail shows why a call failed, and doctor finds each function that fails', async () => {
  const tail = startCli(['tail', ...NAMES, '--since', '5m', '--endpoint', project.endpoint]);
  try {
    for (const name of NAMES) await putTogether(project.endpoint, name, ['an event']);
    for (const [name, { shows }] of Object.entries(FAILING))
      await expect.poll(() => linesOf(name, tail.said.stdout), within).toMatch(shows);
  } finally {
    tail.stop();
  }
  const found = async () => {
    const { stdout } = await fromOutside('doctor', '10-failing.json');
    return NAMES.filter((name) => new RegExp(`RH205.*\\n?.*${name}`).test(stdout));
  };
  // LocalStack takes up to a minute to call a failing function often enough.
  await expect.poll(found, { ...within, interval: 3_000 }).toEqual(NAMES);
});

test('the hook fails on a function that cannot be loaded, and works once it is fixed', async () => {
  const definition = await define('broken', { unloadable: { code: unloadable } });
  const failed = await fromOutside('apply', definition);
  expect(failed.code).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(/Function unloadable .*a setting is missing/);
  const found = await fromOutside('doctor', definition);
  expect(found.code).toBe(1);
  expect(found.stdout).toContain('unloadable');
  await define('broken', { unloadable: exported('() => {}') });
  expect(await fromOutside('apply', definition)).toMatchObject({ code: 0 });
});

test('doctor finds a function that cannot be loaded, also where the hook did not call it', async () => {
  const definition = await define('unchecked', { unchecked: { code: unloadable, settings: { verifyStart: false } } });
  expect(await fromOutside('apply', definition)).toMatchObject({ code: 0 });
  await putTogether(project.endpoint, 'unchecked', ['an event']);
  const doctor = () => fromOutside('doctor', definition).then(({ stdout }) => stdout);
  await expect.poll(doctor, within).toMatch(/RH205.*\n?.*unchecked/);
});

const linesOf = (name: string, output: string) =>
  output
    .split('\n')
    .filter((line) => line.includes(name))
    .join('\n');
