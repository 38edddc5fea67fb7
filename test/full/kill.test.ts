import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { apply, destroy, previewPipeline } from '../../src/runtime/apply/apply.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { AbortedError } from '../../src/runtime/errors.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { hookFolder, type KillPoint, runHook } from '../support/faults/kill.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

let hooks: Awaited<ReturnType<typeof hookFolder>>;
let kills = 0;
beforeAll(async () => {
  hooks = await hookFolder();
  // Load the engine's services before counting requests.
  await apply(samplePipeline(uniqueName('kill-warm')), { endpoint: endpoint() });
});
afterAll(() => rm(hooks.folder, { recursive: true, force: true }));

test('killed at any request, before it is sent or after its response, one plain re-run ends as an undisturbed run does', async ({
  annotate,
}) => {
  const whole = uniqueName('kill-none');
  await hooks.add(samplePipeline(whole));
  const undisturbed = await runHook(endpoint(), hooks.folder, whole);
  expect(undisturbed.end, undisturbed.said).toBe('code 0');

  const points: KillPoint[] = undisturbed.operations.flatMap((_, index) => [
    { request: index + 1, when: 'before' },
    { request: index + 1, when: 'after' },
  ]);
  const limit = pLimit(3);
  const differing = await Promise.all(points.map((point) => limit(() => convergesAfter(point))));
  expect(differing.filter(Boolean)).toEqual([]);
  // A run sends each of these operations at least once; the number of its polls varies.
  const operations = new Set(undisturbed.operations).size;
  expect(operations).toBeGreaterThan(10);
  expect(kills).toBeGreaterThanOrEqual(2 * operations);
  await annotate(`${kills} kill points, all converged`);
}, 240_000);

test('a removal killed at any request, before it is sent or after its response, is finished by one plain re-run', async ({
  annotate,
}) => {
  const requests = (await removed({ request: 0, when: 'before' })).length;
  const points = Array.from({ length: requests }, (_, index) => index + 1).flatMap((request): KillPoint[] => [
    { request, when: 'before' },
    { request, when: 'after' },
  ]);
  const limit = pLimit(3);
  await Promise.all(points.map((point) => limit(() => removed(point))));
  expect(requests).toBeGreaterThan(8);
  await annotate(`${points.length} kill points, all ended`);
}, 120_000);

/** Removes a pipeline, interrupted at a point (0: at none), then again; returns the requests of the first run. In this process: nothing is stored. */
async function removed(point: KillPoint): Promise<string[]> {
  const sample = samplePipeline(uniqueName(`removal-${point.request}-${point.when}`));
  await apply(sample, { endpoint: endpoint() });
  const asked: string[] = [];
  const stop = new AbortController();
  const proxy = await faultProxy(endpoint(), async ({ operation, forward, pass }) => {
    asked.push(operation);
    if (stop.signal.aborted) return;
    if (asked.length !== point.request) return pass();
    if (point.when === 'after') await forward();
    stop.abort(new AbortedError('killed'));
  });
  await destroy(sample, { endpoint: proxy.endpoint, emptyBuckets: true, signal: stop.signal }).catch((error) => {
    if (!(error instanceof AbortedError)) throw error;
  });
  await proxy.close();
  const where = `${point.when} request ${point.request}`;
  const again = await destroy(sample, { endpoint: endpoint(), emptyBuckets: true });
  expect([where, again.failures]).toEqual([where, {}]);
  const left = (await previewPipeline(sample, { endpoint: endpoint() })).map(({ change }) => change);
  expect([where, ...left]).toEqual([where, 'create', 'create', 'create', 'create']);
  return asked;
}

/** The differences from an undisturbed run, after a kill and a re-run; empty if none. */
async function convergesAfter(point: KillPoint): Promise<string> {
  const name = uniqueName(`kill-${point.request}-${point.when}`);
  const where = `${point.when} request ${point.request}`;
  await hooks.add(samplePipeline(name));
  const killed = await runHook(endpoint(), hooks.folder, name, point);
  // Polls differ from run to run: a point past the end of this one does not kill it.
  if (killed.end !== 'SIGKILL') return killed.end === 'code 0' ? '' : `${where}: ended with ${killed.end}`;
  const again = await runHook(endpoint(), hooks.folder, name);
  kills++;
  if (again.end !== 'code 0') return `${where}: the re-run ended with ${again.end}\n${again.said}`;

  const changes = (await previewPipeline(samplePipeline(name), { endpoint: endpoint() })).map(({ change }) => change);
  if (changes.some((change) => change !== 'none')) return `${where}: left to do: ${changes}`;
  const mappings = await countMappings(name);
  if (mappings !== 1) return `${where}: ${mappings} mappings`;
  const ids = ['a', 'b', 'c'];
  const { put, close } = sender(endpoint(), name);
  for (const id of ids) await put(id);
  close();
  await vi.waitFor(async () => expect((await handled(endpoint(), name)).size).toBe(ids.length), {
    timeout: 20_000,
    interval: 200,
  });
  const counts = [...(await handled(endpoint(), name)).values()];
  await destroy(samplePipeline(name), { endpoint: endpoint(), emptyBuckets: true });
  return counts.every((count) => count === 1) ? '' : `${where}: handled ${counts} times`;
}

async function countMappings(name: string): Promise<number> {
  const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  const { EventSourceMappings = [] } = await aws.call('ListEventSourceMappings', { FunctionName: name });
  aws.close();
  return EventSourceMappings.length;
}
