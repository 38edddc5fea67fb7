import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { startPipeline } from '../../src/features/testing/index.ts';
import { dataDir, findEngine } from '../../src/local/index.ts';
import { readHealth } from '../../src/local/machine/port.ts';
import { stateDirOf } from '../../src/local/process/data-dir.ts';
import { rejection, sharedFolder } from '../support/folder.ts';
import { WORKER, workers } from '../support/worker.ts';

const SOURCE = new URL('../../src/features/testing/index.ts', import.meta.url).href;

const folder = sharedFolder({
  'worker.mjs': WORKER,
  'orders.json': JSON.stringify(workers('orders')),
  'owner.mjs': `
    import { startPipeline } from ${JSON.stringify(SOURCE)};
    const { endpoint } = await startPipeline(${JSON.stringify('orders.json')});
    console.log(endpoint);
    setInterval(() => {}, 1_000);`,
});

const portOf = (endpoint: string) => Number(new URL(endpoint).port);
const engineAt = async (endpoint: string) => {
  const engine = await findEngine({ port: portOf(endpoint) });
  if (!engine) throw new Error(`No engine at ${endpoint}`);
  return engine;
};

test('a killed owner leaves no engine and no data behind', async () => {
  const args = ['--conditions', 'ready-hooks-source', '--import', import.meta.resolve('tsx'), 'owner.mjs'];
  const owner = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const endpoint = await new Promise<string>((done) => createInterface({ input: owner.stdout }).once('line', done));
  const { pid, dataDir } = await engineAt(endpoint);
  owner.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => existsSync(stateDirOf(dataDir)), { timeout: 20_000 }).toBe(false);
  expect(await readHealth(portOf(endpoint)).catch(() => 'nothing')).toBe('nothing');
});

test('an engine that dies while draining: a sentence with its log', async () => {
  const definition = workers('orders', { mapping: { maximumBatchingWindowSeconds: 60 } });
  await using pipeline = await startPipeline(definition, { folder });
  await pipeline.put('orders', [{ id: 'a' }]);
  const drained = rejection(pipeline.drain());
  const { pid, logFile } = await engineAt(pipeline.endpoint);
  process.kill(-pid, 'SIGKILL');
  const message = await drained;
  expect(message).toMatch(
    /^UnreachableError: The engine at \S+ stopped answering while the pipeline pipeline was being/,
  );
  expect(message).toContain(logFile);
});

test('an engine that cannot be started, or an invalid definition: nothing is left', async () => {
  expect(await rejection(startPipeline({ streams: { 'no good': {} } }))).toContain("streams['no good']");
  const engine = 'podman' as 'docker';
  expect(await rejection(startPipeline({}, { engine }))).toContain('use docker, localstack, localemu or ministack');
  expect(await rejection(startPipeline({}, { signal: AbortSignal.abort() }))).toMatch(/^AbortedError/);
});

test('an abort at any moment of a start leaves no engine', async () => {
  const moments = [200, 700, 1_200, 1_700, 2_200, 2_700];
  const aborted = async (afterMs: number) => {
    let port = Number.NaN;
    const onProgress = (message: string) => {
      port = Number(/ on port (\d+)$/.exec(message)?.[1] ?? port);
    };
    const signal = AbortSignal.timeout(afterMs);
    const started = startPipeline(workers('orders'), { folder, onProgress, signal });
    const [message] = await Promise.all([
      rejection(started),
      started.then((pipeline) => pipeline.stop()).catch(() => {}),
    ]);
    return { port, message };
  };
  for (const afterMs of moments) {
    const { port, message } = await aborted(afterMs);
    expect(message).toMatch(/^AbortedError: |^Error: it was not rejected/);
    expect(await findEngine({ port })).toBeUndefined();
    expect(existsSync(dataDir(port))).toBe(false);
  }
});

test.each(['localemu', 'ministack'] as const)('%s: drain and reset', async (engine) => {
  await using pipeline = await startPipeline(workers('orders', { shards: 4 }), { folder, engine });
  for (const round of ['a', 'b', 'c']) {
    await pipeline.put(
      'orders',
      Array.from({ length: 20 }, (_, n) => ({ id: `${round}${n}` })),
    );
    await pipeline.drain();
    expect(await pipeline.objects('orders')).toHaveLength(20);
    await pipeline.reset({ discard: round === 'b' });
    expect(await pipeline.objects('orders')).toHaveLength(0);
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
