// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
// Compiled by `npm run check`: a mistake that compiles fails it, as an unused @ts-expect-error.
import { expectTypeOf } from 'vitest';
import { definePipeline } from '../../src/build/load/define.ts';
import { startPipeline } from '../../src/features/testing/index.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';

const streams = { s: {} };
const functions = { f: { entry: 'f.ts' } };
const buckets = { 'my-bucket': {} };
const mapping = { stream: 's', function: 'f', startingPosition: 'LATEST' } as const;
const both = { bucket: 'my-bucket', arn: 'arn:aws:sqs:…' } as const;

const whole = definePipeline({
  region: 'us-east-1',
  wait: { timeoutMs: 60_000 },
  buckets: { 'hallow-events': {}, dead: { objectLockEnabled: true } },
  streams: {
    'hallow-event-stream': { shardCount: 1, wait: { timeoutMs: 20_000 } },
    demand: { streamMode: 'ON_DEMAND' },
    placed: { streamMode: '${MODE:-PROVISIONED}' },
    theirs: { existing: true, wait: { intervalMs: 100 } },
  },
  functions: {
    'hallow-event-distributor': {
      entry: './f.ts',
      buckets: { BUCKET: 'hallow-events' },
      environment: { KEY: '${KEY}' },
    },
    zipped: { zip: './f.zip', runtime: 'python3.13', handler: 'app.handler' },
    folder: { directory: './f', runtime: '${RUNTIME:-nodejs22.x}' },
    theirs: { existing: true },
  },
  eventSourceMappings: [
    {
      stream: 'hallow-event-stream',
      function: 'hallow-event-distributor',
      batchSize: 10000,
      startingPosition: 'LATEST',
    },
    { stream: 'theirs', function: 'zipped', startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-01-16' },
    { stream: 'demand', function: 'theirs', startingPosition: 'TRIM_HORIZON', onFailure: { bucket: 'dead' } },
    { stream: 'demand', function: 'folder', startingPosition: '${POSITION}', onFailure: { arn: 'arn:aws:sqs:…' } },
  ],
});
expectTypeOf(whole).toExtend<PipelineInput>();

// The definition that the mistakes below change compiles.
definePipeline({ buckets, streams, functions, eventSourceMappings: [mapping] });

// Mistyped references.
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, stream: 'x' }] });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, function: 'x' }] });
// @ts-expect-error
definePipeline({ buckets, streams, functions, eventSourceMappings: [{ ...mapping, onFailure: { bucket: 'x' } }] });
// @ts-expect-error
definePipeline({ buckets, functions: { f: { entry: 'f.ts', buckets: { BUCKET: 'x' } } } });
// @ts-expect-error
definePipeline({ functions, eventSourceMappings: [mapping] });
// @ts-expect-error
definePipeline({ streams, eventSourceMappings: [mapping] });
// @ts-expect-error
definePipeline({ functions: { f: { entry: 'f.ts', buckets: { BUCKET: 'x' } } } });

// Unknown keys, at every depth.
// @ts-expect-error
definePipeline({ strems: {} });
// @ts-expect-error
definePipeline({ wait: { timeout: 1 } });
// @ts-expect-error
definePipeline({ buckets: { b: { tgas: {} } } });
// @ts-expect-error
definePipeline({ streams: { s: { shards: 1 } } });
// @ts-expect-error
definePipeline({ streams: { s: { wait: { timeout: 1 } } } });
// @ts-expect-error
definePipeline({ functions: { f: { entry: 'f.ts', memory: 128 } } });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, batch: 1 }] });

// Fields that exclude or need each other.
// @ts-expect-error
definePipeline({ functions: { f: { entry: 'f.ts', zip: 'f.zip' } } });
// @ts-expect-error
definePipeline({ functions: { f: { directory: 'f', zip: 'f.zip' } } });
// @ts-expect-error
definePipeline({ functions: { f: { memorySize: 128 } } });
// @ts-expect-error
definePipeline({ streams: { s: { streamMode: 'ON_DEMAND', shardCount: 2 } } });
// @ts-expect-error
definePipeline({ streams: { s: { existing: true, shardCount: 2 } } });
// @ts-expect-error
definePipeline({ buckets: { b: { existing: true, acl: 'private' } } });
// @ts-expect-error
definePipeline({ functions: { f: { existing: true, entry: 'f.ts' } } });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ stream: 's', function: 'f' }] });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, startingPosition: 'AT_TIMESTAMP' }] });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, startingPositionTimestamp: '2025-01-16' }] });
// @ts-expect-error
definePipeline({ buckets, streams, functions, eventSourceMappings: [{ ...mapping, onFailure: both }] });

// Values.
// @ts-expect-error
definePipeline({ streams: { s: { streamMode: 'ONDEMAND' } } });
// @ts-expect-error
definePipeline({ functions: { f: { entry: 'f.ts', runtime: 'nodejs22' } } });
// @ts-expect-error
definePipeline({ functions: { f: { entry: 'f.ts', memorySize: '${MEMORY}' } } });
// @ts-expect-error
definePipeline({ streams, functions, eventSourceMappings: [{ ...mapping, startingPosition: 'latest' }] });

// The names of streams and buckets are typed, in tests, too.
declare const pipeline: Awaited<ReturnType<typeof startPipeline<'my-bucket', 's'>>>;
void pipeline.put('s', []);
// @ts-expect-error
void pipeline.put('x', []);
// @ts-expect-error
void pipeline.objects('x');
void (async () => {
  const started = await startPipeline(definePipeline({ buckets, streams, functions, eventSourceMappings: [mapping] }));
  // @ts-expect-error
  await started.put('x', []);
  const fromFile = await startPipeline('init/10-hallow-events.ts');
  await fromFile.put('any', [{ id: 1 }], { partitionKey: ({ id }) => String(id) });
});
