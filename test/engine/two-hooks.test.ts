import { rm } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { previewPipeline } from '../../src/runtime/apply/apply.ts';
import { endpoint } from '../support/engine.ts';
import { hookFolder, runHook } from '../support/faults/kill.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

const EVENTS = Array.from({ length: 20 }, (_, index) => `event-${index}`);

test.each([
  ['the same definition', 1],
  ['two definitions', 2],
])('two hooks at once, %s: both end ready, and each event is handled once', async (_, count) => {
  const hooks = await hookFolder();
  const names = Array.from({ length: count }, () => uniqueName('two-hooks'));
  for (const name of names) await hooks.add(samplePipeline(name));
  const [first = '', second = first] = names;
  const runs = await Promise.all([first, second].map((name) => runHook(endpoint(), hooks.folder, name)));
  await rm(hooks.folder, { recursive: true });
  expect(runs.map(({ end, said }) => (end === 'code 0' ? end : said))).toEqual(['code 0', 'code 0']);
  for (const name of names) {
    const previews = await previewPipeline(samplePipeline(name), { endpoint: endpoint() });
    expect(previews.map(({ change }) => change)).toEqual(['none', 'none', 'none', 'none']);
    const { put, close } = sender(endpoint(), name);
    for (const event of EVENTS) await put(event);
    close();
    await vi.waitFor(async () => expect((await handled(endpoint(), name)).size).toBe(EVENTS.length), {
      timeout: 20_000,
      interval: 200,
    });
    expect(new Set((await handled(endpoint(), name)).values())).toEqual(new Set([1]));
  }
});
