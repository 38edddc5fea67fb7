import { expect, test } from 'vitest';
import { parseSource } from '../../../src/cloudformation/import/document.ts';
import { fromResourcesJson } from '../../../src/cloudformation/import/resources-json.ts';

function read(json: object) {
  const found = fromResourcesJson(parseSource(JSON.stringify(json), 'resources.json'));
  const { Resources } = (found?.source.root ?? { Resources: {} }) as { Resources: Record<string, unknown> };
  return { resources: Object.values(Resources), leftOut: found?.leftOut };
}

const stream = { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'a' } };
const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b' } };
const fn = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } };
const EventSourceArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/a';
const mapping = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: 'f', EventSourceArn } };

test.each<[string, object, object[]]>([
  ['a list of the SDK’s inputs', { kinesis: [{ StreamName: 'a' }], s3: [{ Bucket: 'b' }] }, [stream, bucket]],
  ['one input alone', { kinesis: { StreamName: 'a' } }, [stream]],
  ['names', { kinesis: ['a'], s3: ['b'], lambda: ['f'] }, [stream, bucket, fn]],
  ['one name alone', { kinesis: 'a' }, [stream]],
  ['maps by name', { streams: { a: {} }, buckets: { b: null }, functions: { f: {} } }, [stream, bucket, fn]],
  ['camelCase', { kinesis: [{ streamName: 'a' }], lambda: [{ functionName: 'f' }] }, [stream, fn]],
  ['a plain name', { kinesis: [{ name: 'a' }] }, [stream]],
  ['functions within lambda', { lambda: { functions: [{ FunctionName: 'f' }] } }, [fn]],
  ...['EventSourceMappings', 'eventSourceMapping', 'event_source_mappings', 'mappings', 'esm', 'eventSources'].flatMap(
    (key): [string, object, object[]][] => [
      [`${key} beside the function`, { lambda: [{ FunctionName: 'f', [key]: [{ EventSourceArn }] }] }, [fn, mapping]],
      [`${key} in a separate list`, { lambda: ['f'], [key]: [{ FunctionName: 'f', EventSourceArn }] }, [fn, mapping]],
      [
        `${key} within lambda`,
        { lambda: { functions: ['f'], [key]: { functionName: 'f', eventSourceArn: EventSourceArn } } },
        [fn, mapping],
      ],
    ],
  ),
])('reads %s', (_, json, resources) => {
  expect(read(json)).toEqual({ resources, leftOut: [] });
});

test.each<[string, object, string]>([
  ['a stream without a name', { kinesis: [{ ShardCount: 1 }] }, 'kinesis[0]: it has no StreamName'],
  ['a number', { kinesis: [7] }, 'kinesis[0]: it has no StreamName'],
  ['a mapping without a function', { lambda: [], esm: [{ EventSourceArn }] }, 'esm[0]: it has no FunctionName'],
  [
    'a mapping without a stream',
    { lambda: [{ FunctionName: 'f', esm: [{}] }] },
    'lambda f, Esm[0]: it has no EventSourceArn',
  ],
  [
    'another service',
    { kinesis: [], sqs: [{ QueueName: 'q' }] },
    'sqs: only streams, buckets, functions and event source mappings can be declared',
  ],
])('lists %s as left out', (_, json, leftOut) => {
  expect(read(json).leftOut).toEqual([leftOut]);
});

test('a key __proto__ is rejected, as it would vanish', () => {
  expect(() => parseSource('kinesis: []\n__proto__: {}\n', 'r.yaml')).toThrow('r.yaml:1 has the key __proto__');
});
