import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type StartOptions, startPipeline } from '../../src/features/testing/index.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';
import { Debugger } from '../support/debugger.ts';
import { endpoint } from '../support/engine.ts';
import { sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';

/** Stores each record under a new name at each call, so that a second call shows. */
const STORE = `import type { KinesisStreamEvent } from 'aws-lambda';
import { keyOf } from './key.ts';

interface Stored {
  id: string;
}

export async function handler({ Records }: KinesisStreamEvent): Promise<void> {
  for (const { kinesis } of Records) {
    const stored: Stored = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    const url = [process.env['AWS_ENDPOINT_URL'], process.env['BUCKET'], keyOf(stored)].join('/');
    await fetch(url, { method: 'PUT', body: JSON.stringify(stored) });
  }
}
`;
const KEY = `
type Named = { id: string };

export function keyOf({ id }: Named): string {
  return \`\${id}-\${crypto.randomUUID()}\`;
}
`;
const folder = sharedFolder({ 'functions/store.ts': STORE, 'functions/key.ts': KEY });
const file = (name: string) => join(folder, 'functions', name);

function storing(name: string, shardCount = 1): PipelineInput {
  return {
    buckets: { [name]: {} },
    streams: { [name]: { shardCount } },
    functions: { [name]: { entry: './functions/store.ts', buckets: { BUCKET: name }, timeoutSeconds: 1 } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  };
}

async function inspected(shardCount?: number, options: StartOptions = {}) {
  const name = uniqueName('inspect');
  const pipeline = await startPipeline(storing(name, shardCount), {
    endpoint: endpoint(),
    folder,
    name,
    inspect: 0,
    ...options,
  });
  return { name, pipeline, address: `127.0.0.1:${pipeline.inspected[name]}` };
}

const ids = (objects: { text: string }[]) => objects.map(({ text }) => JSON.parse(text).id).sort();

test('a function pauses at a line of its TypeScript source for longer than its time limit, and is called once', async () => {
  const { name, pipeline, address } = await inspected();
  await using debug = await Debugger.attach(address);
  await debug.breakAt(file('key.ts'), 5);
  await pipeline.put(name, [{ id: 'a' }]);
  expect(await debug.paused()).toBe(`file://${encodeURI(file('key.ts'))}:5`);
  expect(await debug.evaluate('id')).toBe('a');
  await sleep(2_500);
  expect(debug.isPaused()).toBe(true);
  expect(await pipeline.objects(name)).toEqual([]);
  await debug.resume();
  await pipeline.drain();
  expect(ids(await pipeline.objects(name))).toEqual(['a']);
  await pipeline.stop();
});
