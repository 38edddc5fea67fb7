import { expect, test } from 'vitest';
import { drain } from '../../../../src/features/testing/drain.ts';
import type { Target } from '../../../../src/features/testing/target.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import type { MappingInput } from '../../../../src/runtime/definition/input.ts';
import { rejection } from '../../../support/folder.ts';
import { world } from '../../runtime/resources/world.ts';

interface Engine {
  mapping?: Partial<MappingInput>;
  /** The shards of the stream. Default: one open one. */
  shards?: object[];
  /** Throws, or returns the answer instead. */
  on?: (operation: string, count: number) => unknown;
  /** The acknowledgements of a fence, by its number. */
  acknowledges: (number: number) => string[];
}

/** A pipeline on an engine that acknowledges fences at once. Its calls are in `calls`. */
function target({ mapping, shards = [shard(0)], on, acknowledges }: Engine) {
  const calls: string[] = [];
  const keys: string[] = [];
  const answers: Record<string, (input: never) => unknown> = {
    ListShards: () => ({ Shards: shards }),
    PutRecords: ({ Records }: { Records: { Data: Buffer }[] }) => {
      for (const { Data } of Records) {
        const { id } = JSON.parse(Data.toString()).readyHooksFence;
        keys.push(...acknowledges(Number(id.split('/')[1])).map((file) => `${id}/${file}`));
      }
      return { Records: Records.map((_, n) => ({ ShardId: `shardId-${n}`, SequenceNumber: `${keys.length}${n}` })) };
    },
    ListObjectVersions: () => ({ Versions: keys.map((Key) => ({ Key })) }),
  };
  const call = async (operation: string, input: never) => {
    calls.push(operation);
    const given = on?.(operation, calls.filter((each) => each === operation).length);
    return given ?? answers[operation]?.(input) ?? {};
  };
  const pipeline = parsePipeline(
    {
      streams: { s: {} },
      functions: { f: { entry: 'f.ts' } },
      eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', ...mapping } as MappingInput],
    },
    'test',
  );
  const aws = { call, close() {}, endpoint: 'http://127.0.0.1:1', ...world() };
  return { target: { name: 'p', pipeline, codes: new Map(), aws } as unknown as Target, calls };
}

const shard = (n: number, EndingSequenceNumber?: string) => ({
  ShardId: `shardId-${n}`,
  HashKeyRange: { StartingHashKey: String(n) },
  SequenceNumberRange: { StartingSequenceNumber: '0', ...(EndingSequenceNumber && { EndingSequenceNumber }) },
});

const slow = { Records: [{ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow' }] };
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('resolves with the acknowledgements of all shards, and removes them', async () => {
  const engine = target({ shards: [shard(0), shard(1)], acknowledges: () => ['f'] });
  await drain(engine.target);
  expect(engine.calls).toEqual(['CreateBucket', 'ListShards', 'PutRecords', 'ListObjectVersions', 'DeleteObjects']);
  await drain(engine.target);
  expect(engine.calls.filter((each) => each === 'CreateBucket')).toHaveLength(1);
});

test.each<[string, Engine]>([
  ['a fence that was given up is put again', { acknowledges: (n) => (n === 1 ? ['f'] : []) }],
  [
    'an acknowledgement of a report that the mapping ignores counts',
    { acknowledges: () => ['f.partly'], mapping: { reportBatchItemFailures: false } },
  ],
  [
    'one of a report that counts does not',
    { acknowledges: (n) => (n === 1 ? ['f'] : ['f.partly']), mapping: { reportBatchItemFailures: true } },
  ],
  ['one of another function does not', { acknowledges: (n) => (n === 1 ? ['f'] : ['g']) }],
  [
    'a rejected fence is put again',
    {
      acknowledges: () => ['f'],
      on: (operation, count) => (operation === 'PutRecords' && count === 1 ? slow : undefined),
    },
  ],
  [
    'an engine that does not answer for a moment is asked again',
    {
      acknowledges: () => ['f'],
      on: (operation, count) => {
        if (operation === 'ListObjectVersions' && count === 1) throw refused();
      },
    },
  ],
])('%s', async (_, engine) => {
  await drain(target(engine).target, { timeoutMs: 2_000 });
});

test.each<[string, Engine, string]>([
  [
    'a fence that no shard accepts',
    { acknowledges: () => [], on: (operation) => (operation === 'PutRecords' ? slow : undefined) },
    'TimeoutError: The pipeline p was not drained within 0.4 s: stream s does not accept fences (ProvisionedThroughputExceededException: slow).',
  ],
  [
    'a closed shard',
    { acknowledges: () => [], shards: [shard(0, '9'), shard(1)] },
    'ExpectedError: Stream s was resharded, and a fence cannot be put on its 1 closed shard:',
  ],
  [
    'no stream',
    { acknowledges: () => [], shards: [] },
    'ExpectedError: Stream s does not exist in us-east-1 at http://127.0.0.1:1',
  ],
])('fails with a sentence for %s', async (_, engine, message) => {
  expect(await rejection(drain(target(engine).target, { timeoutMs: 400 }))).toContain(message);
});
