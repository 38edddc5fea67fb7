import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ComposeProject, composeProject, docker, EXAMPLE, needDocker } from '../support/compose-project.ts';

const SOURCE = new URL('../../src/features/testing/index.ts', import.meta.url).href;

let project: ComposeProject;
beforeAll(needDocker);
beforeEach(async () => {
  project = await composeProject();
  await project.build();
});
afterEach(() => project.remove());

/** Starts the example in Docker, drains and prints what is stored; stops only if `stops`. */
async function start(stops: boolean) {
  const script = join(project.folder, 'owner.mjs');
  await writeFile(
    script,
    `import { startPipeline } from ${JSON.stringify(SOURCE)};
const pipeline = await startPipeline(${JSON.stringify(EXAMPLE)}, { engine: 'docker' });
await pipeline.put('hallow-event-stream', [{ id: 'a' }]);
await pipeline.drain();
console.log(JSON.stringify((await pipeline.objects('hallow-events')).flatMap(({ records }) => records)));
if (${stops}) await pipeline.stop();
else setInterval(() => {}, 1_000);`,
  );
  const args = ['--conditions', 'ready-hooks-source', '--import', import.meta.resolve('tsx'), script];
  const owner = spawn(process.execPath, args, { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => owner.once('close', done));
  const stored = await new Promise<string>((done) => createInterface({ input: owner.stdout }).once('line', done));
  expect(JSON.parse(stored)).toEqual([{ id: 'a' }]);
  return { owner, ended };
}

const containers = async () =>
  (await docker('ps', '--all', '--quiet', '--filter', 'name=ready-hooks-test-')).output.split('\n').filter(Boolean);

test.each([true, false])('an engine in Docker drains, and ends with its owner (stopped: %s)', async (stops) => {
  const { owner, ended } = await start(stops);
  if (!stops) {
    expect(await containers()).not.toEqual([]);
    owner.kill('SIGKILL');
  }
  await ended;
  await expect.poll(containers, { timeout: 30_000 }).toEqual([]);
});
