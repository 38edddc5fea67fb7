import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { exampleDelivers } from '../support/example.ts';
import { pythonWithBoto3 } from '../support/functions.ts';
import { invoke, startFunction, startKinesis } from '../support/local-engine.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-older-'));
});
afterEach(async () => {
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

test.each(['4.8.1', '4.2.0', '3.8.1'] as const)(
  'LocalStack %s runs functions too',
  { timeout: 180_000 },
  async (version) => {
    const engine = await up({ port: 0, dataDir, version });
    expect(engine).toMatchObject({ version, python: expect.stringMatching(/^3\.11\./) });
    await startKinesis(engine);
    const lambda = await startFunction(engine);
    expect(await invoke(lambda, { throw: true })).toMatchObject({ errorType: 'Error', errorMessage: 'x' });
    expect(await invoke(lambda, { busy: true })).toEqual({ errorMessage: expect.stringContaining('Task timed out') });
    expect(await invoke(lambda, { a: 2 })).toEqual({ a: 2 });
    expect(await pythonWithBoto3(engine, '3.11')).toEqual([11, ['python']]);
  },
);

test('the example on 4.2.0, the version of localstack#12141: bad JSON is discarded, each event is in S3 once', async () => {
  await exampleDelivers((await up({ port: 0, dataDir, version: '4.2.0' })).endpoint);
}, 180_000);
