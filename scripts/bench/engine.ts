import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { down, up } from '../../src/local/index.ts';
import { oneByOne } from './floor.ts';
import { newNames, remove } from './pipeline.ts';
import { type RawClient, rawClient } from './raw.ts';
import { timed } from './stats.ts';

export const LOCALSTACK = '4.14.0';

/** LocalStack's own limit is 100 shards. */
const MANY_SHARDS = { KINESIS_SHARD_LIMIT: '10000' };

/** Shared by all engines of a run. */
export interface Prepared {
  /** Scratch; holds the function's package. */
  folder: string;
  /** The function's package and source. */
  zip: Buffer;
  source: string;
  /** Folder of the installed peers. */
  peers: string;
  signal: AbortSignal;
  /** Milliseconds of one pipeline's raw requests, as the first ones on each new engine. */
  coldRaw: number[];
}

export interface Bench extends Prepared {
  endpoint: string;
  raw: RawClient;
}

/** Runs `work` on a new LocalStack with loaded services, then stops it. */
export async function withEngine<T>(prepared: Prepared, work: (bench: Bench) => Promise<T>): Promise<T> {
  const { folder, signal, zip } = prepared;
  const engines = join(folder, 'engines');
  await mkdir(engines, { recursive: true });
  const dataDir = await mkdtemp(join(engines, 'engine-'));
  try {
    const { endpoint } = await up({ port: 0, dataDir, version: LOCALSTACK, signal, env: MANY_SHARDS });
    const client = rawClient(endpoint);
    try {
      const names = newNames('warm');
      prepared.coldRaw.push((await timed(() => oneByOne(client, names, zip))).ms);
      await remove(endpoint, names);
      return await work({ ...prepared, endpoint, raw: client });
    } finally {
      client.close();
    }
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
}
