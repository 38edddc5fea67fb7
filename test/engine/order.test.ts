import { expect, test } from 'vitest';
import { endpoint } from '../support/engine.ts';
import { applied } from '../support/pipelines.ts';
import { recordingProxy } from '../support/proxy.ts';

const CREATE_FUNCTION = 'POST /2015-03-31/functions';
const CREATE_MAPPING = 'POST /2015-03-31/event-source-mappings';

test('the mapping is not asked for before answers have shown the stream ACTIVE and the function Active', async () => {
  const proxy = await recordingProxy(endpoint());
  const { name } = await applied(proxy.endpoint, 'order');
  await proxy.close();

  const first = (matches: (exchange: (typeof proxy.exchanges)[number]) => boolean) => {
    const index = proxy.exchanges.findIndex(matches);
    expect(index).toBeGreaterThanOrEqual(0);
    return index;
  };
  const bucketMade = first(({ operation }) => operation === `PUT /${name}` || operation === `PUT /${name}/`);
  const streamActive = first(
    ({ operation, response }) => operation === 'DescribeStreamSummary' && /"StreamStatus": ?"ACTIVE"/.test(response),
  );
  const functionMade = first(({ operation }) => operation.replace(/\/$/, '') === CREATE_FUNCTION);
  const functionActive = first(
    ({ operation, response }) =>
      operation.startsWith('GET /2015-03-31/functions/') && /"State": ?"Active"/.test(response),
  );
  const mappings = proxy.exchanges.filter(({ operation }) => operation.replace(/\/$/, '') === CREATE_MAPPING);
  const mappingMade = first((exchange) => exchange === mappings[0]);

  expect(mappings).toHaveLength(1);
  expect(functionMade).toBeGreaterThan(bucketMade);
  expect(mappingMade).toBeGreaterThan(streamActive);
  expect(mappingMade).toBeGreaterThan(functionActive);
});
