import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { family, identify, isAlive, type ProcessIdentity } from '../../src/local/machine/processes.ts';
import { apply, previewPipeline } from '../../src/runtime/apply/apply.ts';
import type { Event } from '../../src/runtime/report/events.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

let dataDir: string;
let engine: LocalEngine;

/** Kills the engine and starts it again, empty, on the same port. */
async function restart(): Promise<void> {
  const processes = family(identify(engine.pid) as ProcessIdentity);
  process.kill(engine.pid, 'SIGKILL');
  await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), { timeout: 5_000 });
  engine = await up({ port: engine.port, dataDir, engine: engine.product });
}

async function delivers(sample: ReturnType<typeof samplePipeline>) {
  const { endpoint } = engine;
  const changes = (await previewPipeline(sample, { endpoint })).map(({ change }) => change);
  expect(changes).toEqual(['none', 'none', 'none', 'none']);
  const { put, close } = sender(endpoint, sample.name);
  for (const event of ['a', 'b', 'c']) await put(event);
  close();
  await vi.waitFor(async () => expect([...(await handled(endpoint, sample.name)).values()]).toEqual([1, 1, 1]), {
    timeout: 20_000,
    interval: 200,
  });
}

const startsOver = (event: Event) => event.type === 'warning' && event.message.endsWith('starting over');

describe.each(['localstack', 'ministack'] as const)('%s', (product) => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-restart-'));
    engine = await up({ port: 0, dataDir, engine: product });
  });
  afterAll(async () => {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  });

  test.each(['bucket', 'function'])(
    'the engine restarts during a run, with the %s ready: the run creates everything again, after one line',
    async (kind) => {
      const sample = samplePipeline(uniqueName('restart'));
      let restarted: Promise<void> | undefined;
      const lines: Event[] = [];
      const onEvent = (event: Event) => {
        if (startsOver(event)) lines.push(event);
        if (event.type === 'step-ready' && event.step.startsWith(kind)) restarted ??= restart();
      };
      const { failures, ok } = await apply(sample, { endpoint: engine.endpoint, onEvent, requestTimeoutMs: 10_000 });
      expect(restarted, 'the engine was not restarted').toBeDefined();
      await restarted;
      expect(failures).toEqual({});
      expect(ok).toBe(true);
      // The engine does not notice that the bucket is missing: all steps run again because it did not answer for a while.
      expect(lines).toHaveLength(kind === 'function' ? 1 : 0);
      await delivers(sample);
    },
  );

  test('the engine restarts twice during a run: the run fails with one sentence, and a re-run succeeds', async () => {
    const sample = samplePipeline(uniqueName('restart'));
    let restarted = Promise.resolve();
    let times = 0;
    const lines: Event[] = [];
    const onEvent = (event: Event) => {
      if (startsOver(event)) lines.push(event);
      if (event.type !== 'step-ready' || !event.step.startsWith('function')) return;
      times += 1;
      restarted = restarted.then(restart);
    };
    const { failures } = await apply(sample, { endpoint: engine.endpoint, onEvent, requestTimeoutMs: 10_000 });
    await restarted;
    expect(times).toBe(2);
    expect(lines).toHaveLength(1);
    expect(Object.values(failures).map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^(Function|Stream) \S+ was ready, but disappeared again after this run had started over: .*\.$/,
      ),
    ]);
    expect((await apply(sample, { endpoint: engine.endpoint })).failures).toEqual({});
    await delivers(sample);
  });

  test('the engine restarts with everything ready: a re-run re-creates everything', async () => {
    const sample = samplePipeline(uniqueName('restart'));
    expect((await apply(sample, { endpoint: engine.endpoint })).ok).toBe(true);
    await restart();
    const { outcomes } = await apply(sample, { endpoint: engine.endpoint });
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['created']));
    await delivers(sample);
  });
});
