import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  applyPipeline,
  definePipeline,
  destroyPipeline,
  type Event,
  PipelineError,
  pipelineOutputs,
  planPipeline,
} from '../../src/index.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-library-'));
  await writeFile(join(folder, 'handler.ts'), 'export const handler = async () => undefined;\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const orders = (name: string) =>
  definePipeline({
    streams: { orders: {}, [name]: {} },
    functions: { [name]: { entry: './handler.ts' } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  });

test('plans, applies and removes a definition in code, with typed events and without output', async () => {
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  const name = uniqueName('library');
  const options = { endpoint: endpoint(), folder, name: 'orders' };
  const events: Event[] = [];
  expect((await planPipeline(orders(name), options)).map(({ preview }) => preview?.change)).toEqual(
    Array(4).fill('create'),
  );
  await expect(pipelineOutputs(orders(name), options)).rejects.toMatchObject({
    name: 'ExpectedError',
    message: expect.stringContaining('does not exist, so the pipeline is not ready'),
  });
  const { outcomes } = await applyPipeline(orders(name), { ...options, onEvent: (event) => events.push(event) });
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['created']));
  expect(events[0]).toMatchObject({ type: 'start', pipeline: 'orders' });
  expect(events.at(-1)).toMatchObject({ type: 'end', failed: [], notAttempted: [] });
  const { streams, eventSourceMappings } = await pipelineOutputs(orders(name), options);
  expect(streams[name]).toEqual({ arn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}` });
  expect(eventSourceMappings).toEqual([
    { stream: name, function: name, uuid: expect.stringMatching(/^[\da-f-]{36}$/) },
  ]);
  await destroyPipeline(orders(name), options);
  for (const spy of written) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

test('a failed step throws an error with the ready steps and the reasons of the others', async () => {
  const name = uniqueName('library-fails');
  const definition = definePipeline({ streams: { [name]: { existing: true, wait: { timeoutMs: 200 } } } });
  const failure = await applyPipeline(definition, { endpoint: endpoint() }).catch((error) => error);
  expect(failure).toBeInstanceOf(PipelineError);
  expect(failure.message).toMatch(/^The pipeline pipeline is not ready: Stream .* was not ready in time/);
  expect(failure.result).toMatchObject({ ok: false, outcomes: {}, notAttempted: [] });
});

test('an AbortSignal ends it at once, and no other step starts', async () => {
  const name = uniqueName('library-stops');
  const definition = definePipeline({
    streams: { [name]: { existing: true, wait: { timeoutMs: 30_000 } } },
    functions: { [name]: { entry: './handler.ts' } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  });
  const stop = new AbortController();
  const onEvent = (event: Event) => void (event.type === 'waiting' && stop.abort());
  const failure = await applyPipeline(definition, { endpoint: endpoint(), folder, signal: stop.signal, onEvent }).catch(
    (error) => error,
  );
  expect(failure).toBeInstanceOf(PipelineError);
  expect(failure.result.notAttempted).toEqual([`event source mapping ${name} → ${name}`]);
});
