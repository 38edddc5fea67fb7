import { expect, test } from 'vitest';
import { formatFor, rejectCollisions } from '../../../../src/features/outputs/file-formats.ts';
import type { Outputs } from '../../../../src/features/outputs/outputs.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';

const outputs: Outputs = {
  endpoint: 'http://localhost:4566',
  region: 'eu-west-1',
  account: '000000000000',
  buckets: { 'hallow.events': { arn: 'arn:aws:s3:::hallow.events' } },
  streams: { orders: { arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders' } },
  functions: {},
  eventSourceMappings: [{ stream: 'orders', function: 'ship-it', uuid: 'u-1' }],
};

test.each(['.env', '.env.local', 'build/app.env'])('%s: lines for dotenv', (file) => {
  expect(formatFor(file)(outputs)).toBe(`AWS_ENDPOINT_URL=http://localhost:4566
AWS_REGION=eu-west-1
AWS_ACCESS_KEY_ID=test
AWS_SECRET_ACCESS_KEY=test
BUCKET_HALLOW_EVENTS=hallow.events
BUCKET_HALLOW_EVENTS_ARN=arn:aws:s3:::hallow.events
STREAM_ORDERS=orders
STREAM_ORDERS_ARN=arn:aws:kinesis:eu-west-1:000000000000:stream/orders
MAPPING_ORDERS_TO_SHIP_IT=u-1
`);
});

test('another account becomes the access key, which selects it in LocalStack', () => {
  expect(formatFor('.env')({ ...outputs, account: '222222222222' })).toContain('AWS_ACCESS_KEY_ID=222222222222\n');
});

test('.json: all outputs', () => expect(JSON.parse(formatFor('out.json')(outputs))).toEqual(outputs));

test.each(['outputs', 'outputs.yaml', 'env'])('%s has an unknown format', (file) => {
  expect(() => formatFor(file)).toThrow('name it .json, or .env');
});

test.each([
  [{ streams: { 'a-b': {}, a_b: {} } }, 'a-b and a_b would both be STREAM_A_B'],
  [{ buckets: { 'abc.arn': {}, abc: {} } }, "abc.arn and abc's ARN would both be BUCKET_ABC_ARN"],
])('names that would become the same variable are rejected', (input, message) => {
  expect(() => rejectCollisions(parsePipeline(input, 'collide'))).toThrow(message);
});

test('different names are accepted', () => {
  expect(() =>
    rejectCollisions(parsePipeline({ streams: { a: {}, b: {} }, buckets: { abc: {} } }, 'fine')),
  ).not.toThrow();
});
