import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { destroy, previewPipeline, type Runnable } from '../../src/runtime/apply/apply.ts';
import { endpoint } from '../support/engine.ts';
import { described } from '../support/faults/described.ts';
import { type Drawn, drawn, pipelineOf } from '../support/faults/drawn.ts';
import { hookFolder, runHook } from '../support/faults/kill.ts';
import { loadServices } from '../support/faults/run-cell.ts';
import { uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

// READY_HOOKS_PROPERTY_RUNS and _SEED generate more definitions, and different ones.
const numRuns = Number(process.env['READY_HOOKS_PROPERTY_RUNS'] ?? 3);
const seed = Number(process.env['READY_HOOKS_PROPERTY_SEED'] ?? 12141);

let hooks: Awaited<ReturnType<typeof hookFolder>>;
beforeAll(async () => {
  hooks = await hookFolder();
  await loadServices(endpoint());
});
afterAll(() => rm(hooks.folder, { recursive: true, force: true }));

test(
  'after killed runs of several versions, one plain run ends like an undisturbed run of the last version',
  async () => {
    let killed = 0;
    await fc.assert(
      fc.asyncProperty(drawn, async (one) => {
        killed += await converges(one);
      }),
      // Each run takes seconds on an engine, so a failure is reported without shrinking.
      { numRuns, seed, endOnFailure: true },
    );
    expect(killed).toBeGreaterThan(0);
  },
  numRuns * 60_000,
);

async function converges(one: Drawn): Promise<number> {
  const name = uniqueName('property');
  const versions = await Promise.all(one.versions.map(({ version }) => pipelineOf(name, one, version)));
  const last = versions.at(-1) as Runnable;
  let killed = 0;
  for (const [index, runnable] of versions.entries()) {
    await hooks.add(runnable);
    const { end, said } = await runHook(endpoint(), hooks.folder, name, one.versions[index]?.kill);
    if (end === 'SIGKILL') killed++;
    else expect(end, said).toBe('code 0');
  }
  const { end, said } = await runHook(endpoint(), hooks.folder, name);
  expect(end, said).toBe('code 0');
  const left = (await previewPipeline(last, { endpoint: endpoint() })).map(({ change }) => change);
  expect(new Set(left)).toEqual(new Set(['none']));

  const undisturbed = await pipelineOf(uniqueName('property'), one, one.versions.at(-1)?.version as never);
  await hooks.add(undisturbed);
  expect((await runHook(endpoint(), hooks.folder, undisturbed.name)).end).toBe('code 0');
  expect(await described(endpoint(), last)).toEqual(await described(endpoint(), undisturbed));

  await delivers(last);
  for (const runnable of [...versions, undisturbed])
    await destroy(runnable, { endpoint: endpoint(), emptyBuckets: true });
  return killed;
}

/** Every function in a mapping of the last version handles one record from each of its streams, once. */
async function delivers({ pipeline }: Runnable): Promise<void> {
  for (const stream of Object.keys(pipeline.streams)) await putTogether(endpoint(), stream, [stream]);
  for (const mapping of pipeline.eventSourceMappings)
    await vi.waitFor(async () => expect((await handled(endpoint(), mapping.function)).get(mapping.stream)).toBe(1), {
      timeout: 30_000,
      interval: 200,
    });
}
