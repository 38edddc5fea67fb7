import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../../src/build/ready-d/build.ts';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { waitForHooks } from '../../src/runtime/engine/wait-for-hooks.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';

const EXAMPLE = fileURLToPath(new URL('../../init/10-hallow-events.ts', import.meta.url));

// A separate LocalStack: hooks run once, when it starts.
let folder: string;
let engine: LocalEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-hook-'));
  const missing = join(folder, '20-missing.json');
  await writeFile(missing, JSON.stringify({ streams: { nobody: { existing: true, wait: { timeoutMs: 300 } } } }));
  await build({ definitions: [EXAMPLE, missing], outDir: join(folder, 'ready.d') });
  engine = await up({ port: 0, dataDir: join(folder, 'data'), hooksDir: join(folder, 'ready.d') });
});
afterAll(async () => {
  await down({ dataDir: engine.dataDir });
  await rm(folder, { recursive: true, force: true });
});

test('the example’s hook creates the pipeline, and 20 of 20 events are in S3, each once', async () => {
  await waitForHooks(engine.endpoint, ['10-hallow-events.sh']);
  const ids = await sendEvents(engine.endpoint, 'hallow-event-stream', 20);
  const { counts } = await waitForEvents(engine.endpoint, 'hallow-events', ids);
  expect([...counts.values()]).toEqual(ids.map(() => 1));
});

test('a failed hook is in ERROR, with its message in the engine’s log', async () => {
  await expect(waitForHooks(engine.endpoint, ['10-hallow-events.sh', '20-missing.sh'])).rejects.toThrow(
    'The hook 20-missing.sh failed',
  );
  const log = await readFile(engine.logFile, 'utf8');
  expect(log).toMatch(
    /^ready-hooks: Stream nobody was not ready in time: waited for it to be created for \d+\.\d s \(limit 0\.3 s\); last seen: no such stream in us-east-1\./m,
  );
  expect(log).toMatch(/^ready-hooks: 20-missing FAILED after .*: 0 ready, 1 failed, 0 not attempted$/m);
});

test('the same file, run by hand from another folder with only PATH, changes nothing', async () => {
  const { said, code } = await runAgain();
  expect(said).toMatch(/is ready in .* s: all 4 resources unchanged$/m);
  expect(code).toBe(0);
});

test('READY_HOOKS_TIMELINE: each hook draws its steps; into a file with its own name if a folder is given', async () => {
  const { code } = await runAgain({ READY_HOOKS_TIMELINE: `${folder}/timelines/` });
  expect(code).toBe(0);
  const picture = await readFile(join(folder, 'timelines', '10-hallow-events.svg'), 'utf8');
  expect(picture).toMatch(
    /^<svg [\s\S]*10-hallow-events on LocalStack[\s\S]*stream hallow-event-stream[\s\S]*<\/svg>\n$/,
  );
});

test('a timeline that cannot be written is reported, and the hook still succeeds', async () => {
  const { said, code } = await runAgain({ READY_HOOKS_TIMELINE: '/dev/null/start-up.svg' });
  expect(said).toMatch(/warning: cannot write the timeline \/dev\/null\/start-up.svg \(E\w+\)/);
  expect(code).toBe(0);
});

async function runAgain(env: Record<string, string> = {}) {
  const child = spawn('sh', [join(folder, 'ready.d', '10-hallow-events.sh')], {
    cwd: '/',
    env: { PATH: process.env['PATH'], GATEWAY_LISTEN: `127.0.0.1:${engine.port}`, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((done) => child.once('close', done));
  return { said, code };
}
