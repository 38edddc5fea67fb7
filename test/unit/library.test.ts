import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Definition } from '../../src/build/load/load.ts';
import {
  destroyPipeline,
  type PipelineOptions,
  pipelineOutputs,
  pipelineStatus,
  planPipeline,
} from '../../src/library.ts';
import { folderWith, rejection } from '../support/folder.ts';
import { serve } from '../support/serve.ts';

test('errors name a definition that does not come from a file', async () => {
  const wrong = { streams: { s: { shardCount: 0 } } };
  await expect(planPipeline(wrong, { name: 'orders' })).rejects.toThrow(
    /^The definition orders: streams\.s\.shardCount is 0, but must be/,
  );
});

test('a plan without an endpoint bundles no functions and reads no seeds', async () => {
  const folder = folderWith({ 'f.ts': 'export const handler = (' });
  const definition = {
    streams: { s: { seed: { file: 'missing.jsonl' } } },
    functions: { f: { entry: 'f.ts' } },
    eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST' as const }],
  };
  const steps = await planPipeline(definition, { folder });
  expect(steps.map(({ step }) => step)).toHaveLength(4);
  expect(steps[3]?.needs).toHaveLength(2);
  const withEndpoint = planPipeline(definition, { folder, endpoint: 'http://127.0.0.1:9' });
  await expect(withEndpoint).rejects.toThrow(/Function f \(pipeline\.ts\) does not compile/);
});

/** An engine that is LocalStack, and answers each other request with `answer`. */
function engine(answer: (response: ServerResponse) => void): Promise<string> {
  return serve((request, response) => {
    if (request.url === '/_localstack/info') response.end('{"version":"4.14.0"}');
    else if (request.url?.startsWith('/_aws/')) response.writeHead(404).end();
    else answer(response);
  });
}

const PIPELINE = {
  streams: { s: {} },
  functions: { f: { existing: true as const } },
  eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST' as const }],
};

describe.each([
  ['pipelineOutputs', pipelineOutputs],
  ['pipelineStatus', pipelineStatus],
  ['planPipeline', planPipeline],
])('%s', (_, read: (definition: Definition, options: PipelineOptions) => Promise<unknown>) => {
  test('ends with an AbortedError if it is aborted during a request', async () => {
    const stop = new AbortController();
    const endpoint = await engine(() => stop.abort());
    expect(await rejection(read(PIPELINE, { endpoint, signal: stop.signal }))).toBe(
      `AbortedError: Stopped while reading from the engine at ${endpoint}.`,
    );
  });

  test('waits no longer than requestTimeoutMs for a response', async () => {
    const endpoint = await engine(() => undefined);
    expect(await rejection(read(PIPELINE, { endpoint, requestTimeoutMs: 40 }))).toMatch(
      /^UnreachableError: \w+ at http\S+ failed: no response within 0\.04 s\. Check that the engine still runs there/,
    );
  });

  test('describes an error of the engine in a sentence', async () => {
    const endpoint = await engine((response) => response.writeHead(400).end('{"__type":"Broken"}'));
    expect(await rejection(read(PIPELINE, { endpoint }))).toMatch(
      /^ExpectedError: \w+ at http\S+ failed: .*\(HTTP 400\)\. Check the engine's log for the cause, then try again\.$/,
    );
  });
});

test('destroyPipeline ends with an AbortedError if it is aborted before its first step', async () => {
  const stop = new AbortController();
  const endpoint = await engine(() => stop.abort());
  expect(await rejection(destroyPipeline(PIPELINE, { endpoint, name: 'orders', signal: stop.signal }))).toBe(
    'AbortedError: Stopped while checking the resources of the pipeline orders.',
  );
});
