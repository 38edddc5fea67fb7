import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { down } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { runAction } from '../support/composite-action.ts';
import { folderWith } from '../support/folder.ts';
import { latest, project, recording } from '../support/project.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';
import { RUN } from '../support/setup/run.ts';

const REPO = join(import.meta.dirname, '../..');
const INSTALL = 'Install ready-hooks';

const pipeline = {
  buckets: { events: {} },
  streams: { events: {} },
  functions: { writer: recording('events') },
  eventSourceMappings: [latest('events', 'writer')],
};

/** A project with the pipeline in init/, and a job in it. */
async function job(definition: object = pipeline) {
  const workspace = folderWith();
  mkdirSync(join(workspace, 'app/init'), { recursive: true });
  const { define, run } = project(join(workspace, 'app/init'), 'http://127.0.0.1:1');
  define('10-events', definition);
  const port = await freePort();
  onTestFinished(async () => void (await down({ port })));
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', [RUN]: process.env[RUN] ?? '' };
  const act = (inputs: Record<string, string>, action = REPO) =>
    runAction({
      action,
      temp: join(workspace, 'temp'),
      workspace,
      inputs: { port: String(port), 'working-directory': 'app', ...inputs },
      env,
      // It would replace the packages that these tests use.
      without: action === REPO ? [INSTALL] : [],
    });
  const delivers = async (endpoint: string) => {
    await putTogether(endpoint, 'events', ['sent']);
    await vi.waitFor(async () => expect((await handled(endpoint, 'events')).get('sent')).toBe(1), 20_000);
  };
  return { workspace, port, run, act, delivers };
}

test('from a fresh checkout: installs itself, starts MiniStack, and applies all of init/', async () => {
  const { workspace, port, act, delivers } = await job();
  const action = join(workspace, 'action');
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: REPO, encoding: 'utf8' });
  for (const file of files.trim().split('\n')) {
    mkdirSync(dirname(join(action, file)), { recursive: true });
    cpSync(join(REPO, file), join(action, file));
  }
  const { ran, failed, outputs } = await act({ engine: 'ministack' }, action);
  expect(failed, JSON.stringify(ran)).toBe(false);
  expect(ran).toHaveLength(3);
  expect(ran[2]?.said).toMatch(/10-events is ready in .*: 4 created\n.*\nready\n$/s);
  expect(outputs).toEqual({ endpoint: `http://127.0.0.1:${port}` });
  await delivers(outputs['endpoint'] ?? '');
}, 300_000);

test('with hooks, LocalStack runs them at start, and nothing else is applied', async () => {
  const { run, act, delivers } = await job();
  await run('build', '10-events.json', '--out', 'ready.d');
  const { ran, failed, outputs } = await act({ hooks: 'init/ready.d' });
  expect(failed, JSON.stringify(ran)).toBe(false);
  expect(ran[0]?.said).toContain('10-events is ready');
  expect(ran[1]?.said).toMatch(/hook 10-events\.sh: SUCCESSFUL\n.*\nready\n$/s);
  expect(ran[1]?.said).not.toContain('created');
  await delivers(outputs['endpoint'] ?? '');
}, 240_000);

test('if the pipeline does not become ready, the doctor reports the cause, and the job fails', async () => {
  const { act } = await job({ ...pipeline, streams: { events: { existing: true, wait: { timeoutMs: 300 } } } });
  const { ran, failed } = await act({ engine: 'ministack', definitions: '10-events' });
  expect(failed).toBe(true);
  expect(ran.map(({ code }) => code)).toEqual([0, 1, 1]);
  expect(ran[1]?.said).toContain('stream events');
  expect(ran[2]?.said).toMatch(/^RH\d+ .*events/m);
}, 240_000);

test('if it cannot be installed, the doctor is not tried', async () => {
  const { workspace, act } = await job();
  const action = join(workspace, 'action');
  mkdirSync(action);
  cpSync(join(REPO, 'action.yml'), join(action, 'action.yml'));
  const { ran, failed } = await act({}, action);
  expect(failed).toBe(true);
  expect(ran.map(({ name }) => name)).toEqual([INSTALL]);
});
