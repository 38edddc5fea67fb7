import { strToU8, zipSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { codeOf } from '../../src/runtime/contents/function-code.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import type { MappingInput } from '../../src/runtime/definition/input.ts';
import { givenUpIn } from '../support/bucket.ts';
import { endpoint } from '../support/engine.ts';
import { exampleDelivers } from '../support/example.ts';
import { uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

/** Stores records as the recorder does, except bad ones: it reports them, or throws. */
const SOURCE = `
const text = ({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString();
const isBad = (record) => text(record).startsWith('bad');
export const handler = async ({ Records }, { awsRequestId }) => {
  if (process.env.THROWS && Records.some(isBad)) throw new Error('a bad record');
  for (const record of Records.filter((record) => !isBad(record))) {
    const key = [text(record), record.kinesis.sequenceNumber, awsRequestId].join('/');
    const { ok } = await fetch([process.env.AWS_ENDPOINT_URL, process.env.BUCKET, key].join('/'), { method: 'PUT', body: '' });
    if (!ok) throw new Error('PUT ' + key);
  }
  return { batchItemFailures: Records.filter(isBad).map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
};
`;

async function failing(prefix: string, mapping: Partial<MappingInput>, environment: Record<string, string> = {}) {
  const name = uniqueName(prefix);
  const failed = `${name}-failed`;
  const pipeline = parsePipeline(
    {
      buckets: { [name]: {}, [failed]: {} },
      streams: { [name]: {} },
      functions: { [name]: { zip: 'failing.zip', buckets: { BUCKET: name }, environment } },
      eventSourceMappings: [
        { stream: name, function: name, startingPosition: 'LATEST', onFailure: { bucket: failed }, ...mapping },
      ],
    },
    name,
  );
  const codes = new Map([[name, codeOf(zipSync({ 'index.mjs': strToU8(SOURCE) }))]]);
  const result = await apply({ name, pipeline, codes }, { endpoint: endpoint() });
  expect(result.failures).toEqual({});
  return {
    put: (...data: string[]) => putTogether(endpoint(), name, data),
    handled: async () => Object.fromEntries(await handled(endpoint(), name)),
    givenUp: () => givenUpIn(endpoint(), failed),
  };
}

const within = { timeout: 30_000, interval: 200 };

describe.concurrent('a batch that fails', () => {
  test('batches of one: each good record is handled once, the bad one is discarded', async ({ expect }) => {
    const run = await failing('fail-one', { batchSize: 1, maximumRetryAttempts: 1 }, { THROWS: 'yes' });
    await run.put('good1', 'bad', 'good2', 'good3');
    await vi.waitFor(async () => expect(await run.handled()).toEqual({ good1: 1, good2: 1, good3: 1 }), within);
    expect(await run.givenUp()).toEqual([
      {
        requestContext: expect.objectContaining({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 }),
        data: ['bad'],
      },
    ]);
  });

  test('reportBatchItemFailures: records before the bad one are handled once, later ones in each retry', async ({
    expect,
  }) => {
    const run = await failing('fail-report', { reportBatchItemFailures: true, maximumRetryAttempts: 2 });
    await run.put('good1', 'good2', 'bad', 'good3', 'good4');
    await vi.waitFor(async () => expect(await run.givenUp()).toHaveLength(1), within);
    await run.put('later1', 'later2');
    const expected = { good1: 1, good2: 1, good3: 3, good4: 3, later1: 1, later2: 1 };
    await vi.waitFor(async () => expect(await run.handled()).toEqual(expected), within);
    const [batch] = await run.givenUp();
    expect(batch?.data).toEqual(['bad', 'good3', 'good4']);
    expect(batch?.requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 });
  });

  test('without it, the whole batch is discarded: no record is handled, and none is lost', async ({ expect }) => {
    const run = await failing('fail-whole', { maximumRetryAttempts: 0 }, { THROWS: 'yes' });
    await run.put('good1', 'bad', 'good2');
    await vi.waitFor(async () => expect(await run.givenUp()).toHaveLength(1), within);
    await run.put('later');
    await vi.waitFor(async () => expect(await run.handled()).toEqual({ later: 1 }), within);
    const [batch] = await run.givenUp();
    expect(batch?.data).toEqual(['good1', 'bad', 'good2']);
  });
});

test('the example: bad JSON is discarded, each event is in S3 once', () => exampleDelivers(endpoint()));
