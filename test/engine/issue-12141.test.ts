import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { select } from '../../src/local/localstack/select.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { applied } from '../support/pipelines.ts';

// localstack#12141 happens up to 4.2: later versions reject a mapping whose stream does not exist.
let engine: LocalEngine;
let dataDir: string;
const noPython = await select('4.2.0', {}).then(
  () => undefined,
  (error: Error) => error.message,
);
beforeAll(async () => {
  if (noPython) return;
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-12141-'));
  engine = await up({ port: 0, dataDir, version: '4.2.0' });
});
afterAll(async () => {
  if (noPython) return;
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

const notFound = (stream: string) => new RegExp(`ResourceNotFoundException.*${stream}.*not found`);
const log = () => readFile(engine.logFile, 'utf8');

test('a mapping created before its stream leaves "not found" in the log; our order does not', async (context) => {
  if (noPython) return context.skip(noPython);
  const { endpoint } = engine;
  const ours = await applied(endpoint, 'ordered');
  const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
  await aws.call('CreateEventSourceMapping', {
    EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/made-too-late',
    FunctionName: ours.name,
    BatchSize: 10_000,
    StartingPosition: 'LATEST',
  });
  await vi.waitFor(async () => expect(await log()).toMatch(notFound('made-too-late')), {
    timeout: 30_000,
    interval: 200,
  });
  expect(await log()).not.toMatch(notFound(ours.name));
  aws.close();
});
