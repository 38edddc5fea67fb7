import { expect, test } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import { serve } from '../support/serve.ts';

test('the list of streams is under way while the engine is being detected, and the stream takes its answer', async () => {
  const received: string[] = [];
  let list = (): void => undefined;
  const listed = new Promise<void>((done) => {
    list = done;
  });
  const endpoint = await serve(async ({ url, headers }, answer) => {
    const operation = String(headers['x-amz-target'] ?? url).replace('Kinesis_20131202.', '');
    received.push(operation);
    if (operation === 'ListStreams') list();
    // Without the list, the engine never gets detected.
    if (operation === '/_localstack/info') await listed;
    answer.writeHead(operation === 'CreateStream' ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    answer.end(JSON.stringify(ANSWERS[operation] ?? {}));
  });
  const pipeline = parsePipeline({ streams: { orders: {} } }, 'test');
  const { failures } = await apply({ name: 'test', pipeline, codes: new Map() }, { endpoint });
  expect(Object.keys(failures)).toEqual(['stream orders']);
  expect(received.filter((operation) => operation === 'ListStreams')).toHaveLength(1);
  expect(received).toContain('CreateStream');
});

const ANSWERS: Record<string, unknown> = {
  '/_localstack/info': { version: '4.14.0' },
  ListStreams: { StreamNames: [], HasMoreStreams: false },
  CreateStream: { __type: 'InvalidArgumentException', message: 'rejected' },
};
