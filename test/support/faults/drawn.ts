import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Runnable } from '../../../src/runtime/apply/apply.ts';
import { readObjects, readRecords } from '../../../src/runtime/contents/read-seeds.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import type { Pipeline } from '../../../src/runtime/definition/pipeline.ts';
import { recorder } from '../recorder.ts';
import { type KillPoint, RECORDER, SEEDS } from './kill.ts';

/** The parts of a definition that can change from one version to the next. Resources are identified by index. */
export interface Version {
  /** The number of streams; a mapping exists for each pair of a stream and a function that `mappings` selects. */
  streams: number;
  functions: number;
  /** The number of buckets besides those of the functions; a function can have one of them as well. */
  buckets: number;
  settings: {
    tags: Record<string, string>;
    retentionPeriodHours: number;
    memorySize: number;
    timeoutSeconds: number;
    batchSize: number;
    maximumRetryAttempts: number;
    seed: boolean;
  }[];
  mappings: boolean[];
}

/** Settings that cannot change in place, the versions to apply in turn, and the point where each run is killed. */
export interface Drawn {
  shardCounts: number[];
  positions: ('LATEST' | 'TRIM_HORIZON')[];
  versions: { version: Version; kill: KillPoint }[];
}

const MOST = 3;
const pairs = (streams: number, functions: number) =>
  Array.from({ length: streams * functions }, (_, index) => [index % streams, Math.floor(index / streams)] as const);

const settings = fc.record({
  tags: fc.dictionary(fc.constantFrom('team', 'stage'), fc.constantFrom('orders', 'mails'), { maxKeys: 2 }),
  retentionPeriodHours: fc.constantFrom(24, 48),
  memorySize: fc.constantFrom(128, 256),
  timeoutSeconds: fc.constantFrom(3, 10),
  batchSize: fc.constantFrom(1, 100, 10_000),
  maximumRetryAttempts: fc.constantFrom(-1, 0, 2),
  seed: fc.boolean(),
});

const version: fc.Arbitrary<Version> = fc.record({
  streams: fc.integer({ min: 1, max: MOST }),
  functions: fc.integer({ min: 1, max: MOST }),
  buckets: fc.integer({ min: 0, max: MOST }),
  settings: fc.array(settings, { minLength: MOST, maxLength: MOST }),
  mappings: fc.array(fc.boolean(), { minLength: MOST * MOST, maxLength: MOST * MOST }),
});

/** A first run sends about 20 to 80 requests, a re-run about 12 to 40. With a later kill point, the run finishes undisturbed. */
const kill: fc.Arbitrary<KillPoint> = fc.record({
  request: fc.integer({ min: 1, max: 60 }),
  when: fc.constantFrom('before', 'after'),
});

export const drawn: fc.Arbitrary<Drawn> = fc.record({
  shardCounts: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: MOST, maxLength: MOST }),
  positions: fc.array(fc.constantFrom('LATEST', 'TRIM_HORIZON'), { minLength: MOST * MOST, maxLength: MOST * MOST }),
  versions: fc.array(fc.record({ version, kill }), { minLength: 1, maxLength: 3 }),
});

/** A version as a pipeline with `name` as the prefix of all names. Each function stores its records in a bucket with its name. */
export async function pipelineOf(name: string, { shardCounts, positions }: Drawn, version: Version): Promise<Runnable> {
  const { streams, functions, buckets, settings, mappings } = version;
  const each = (count: number) => Array.from({ length: count }, (_, index) => index);
  const of = (index: number) => settings[index] as Version['settings'][number];
  const input = {
    buckets: Object.fromEntries([
      ...each(functions).map((f) => [
        `${name}-f${f}`,
        { tags: of(f).tags, ...(of(f).seed && { seed: { zip: 'objects.zip' } }) },
      ]),
      ...each(buckets).map((b) => [`${name}-b${b}`, { tags: of(b).tags }]),
    ]),
    streams: Object.fromEntries(
      each(streams).map((s) => [
        `${name}-s${s}`,
        {
          shardCount: shardCounts[s],
          retentionPeriodHours: of(s).retentionPeriodHours,
          tags: of(s).tags,
          ...(of(s).seed && { seed: { file: 'records.jsonl' } }),
        },
      ]),
    ),
    functions: Object.fromEntries(
      each(functions).map((f) => {
        const { memorySize, timeoutSeconds, tags } = of(f);
        const own = `${name}-f${f}`;
        const given = { BUCKET: own, ...(f < buckets && { OTHER: `${name}-b${f}` }) };
        return [own, { zip: RECORDER, buckets: given, memorySize, timeoutSeconds, tags }];
      }),
    ),
    eventSourceMappings: pairs(streams, functions).flatMap(([s, f], index) => {
      if (!mappings[index]) return [];
      const { batchSize, maximumRetryAttempts } = of(s);
      // By pair, not by index: a pair keeps its position in every version.
      const startingPosition = positions[s * MOST + f];
      return [
        { stream: `${name}-s${s}`, function: `${name}-f${f}`, startingPosition, batchSize, maximumRetryAttempts },
      ];
    }),
  };
  const codes = new Map(Object.keys(input.functions).map((each) => [each, recorder]));
  const pipeline = parsePipeline(input, name);
  return { name, pipeline, codes, ...(await seedsOf(pipeline)) };
}

async function seedsOf(pipeline: Pipeline) {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-seeds-'));
  try {
    for (const [file, bytes] of SEEDS) await writeFile(join(folder, file), bytes);
    return { records: await readRecords(pipeline, folder), objects: await readObjects(pipeline, folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
