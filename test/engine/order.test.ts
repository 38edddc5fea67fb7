import { expect, test } from 'vitest';
import { endpoint } from '../support/engine.ts';
import { applied } from '../support/pipelines.ts';
import { type RecordedExchange, recordingProxy } from '../support/proxy.ts';

test('the mapping is not requested before responses have shown the stream ACTIVE and the function Active', async () => {
  const proxy = await recordingProxy(endpoint());
  await applied(proxy.endpoint, 'order');
  await proxy.close();

  const first = (operation: string, says = /(?:)/) => {
    const matches = (exchange: RecordedExchange) => exchange.operation === operation && says.test(exchange.response);
    const index = proxy.exchanges.findIndex(matches);
    expect(index, `no ${operation} with ${says}`).toBeGreaterThanOrEqual(0);
    return index;
  };
  const streamActive = first('DescribeStreamSummary', /"StreamStatus": ?"ACTIVE"/);
  const functionActive = first('GetFunction', /"State": ?"Active"/);
  const mappingMade = first('CreateEventSourceMapping');

  expect(first('CreateFunction')).toBeGreaterThan(first('CreateBucket'));
  expect(mappingMade).toBeGreaterThan(streamActive);
  expect(mappingMade).toBeGreaterThan(functionActive);
  expect(proxy.exchanges.filter(({ operation }) => operation === 'CreateEventSourceMapping')).toHaveLength(1);
});
