import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { down, up } from '../src/local/index.ts';
import { contenders } from './bench/contenders.ts';
import { installPeers } from './bench/peers/peers.ts';
import { packFunction } from './bench/pipeline.ts';
import { race } from './bench/race.ts';
import { rawClient } from './bench/raw.ts';
import { runScript } from './run.ts';

await runScript(async (signal) => {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-bench-'));
  const dataDir = join(folder, 'engine');
  try {
    const packed = await packFunction(folder);
    const peers = await installPeers({ onProgress: console.log, signal });
    const engine = await up({
      port: 0,
      dataDir,
      version: '4.14.0',
      signal,
      onProgress: console.log,
      env: { KINESIS_SHARD_LIMIT: '10000' },
    });
    const { endpoint } = engine;
    const bench = { endpoint, folder, ...packed, peers, raw: rawClient(endpoint), lone: rawClient(endpoint), signal };
    const entries = await contenders(bench);
    console.log(await race(bench, entries, { rounds: values.quick ? 2 : 5, pipelines: 1, warmUp: true }));
    console.log(bench.lone.medians(), bench.raw.medians());
  } finally {
    await down({ dataDir });
    await rm(folder, { recursive: true, force: true });
  }
});
