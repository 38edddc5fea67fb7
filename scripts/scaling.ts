import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import { down, up } from '../src/local/index.ts';
import { apply } from '../src/runtime/apply/apply.ts';
import { codeOf } from '../src/runtime/contents/function-code.ts';
import { zipFiles } from '../src/runtime/contents/zip.ts';
import { parsePipeline } from '../src/runtime/definition/check.ts';
import { median } from './bench/stats.ts';
import { count, runScript, script } from './run.ts';
import { arrivals, put } from './scaling-records.ts';

const RECORDS = 4_000;

/** Writes an object whose key has the number of records in the call. Its requests are unsigned, so it needs no SDK. */
const SOURCE = `export const handler = async ({ Records }, { awsRequestId }) => {
  const { AWS_ENDPOINT_URL, BUCKET } = process.env;
  const url = AWS_ENDPOINT_URL + '/' + BUCKET + '/' + awsRequestId + '/' + Records.length;
  const response = await fetch(url, { method: 'PUT', body: '' });
  if (!response.ok) throw new Error('PUT ' + url + ': HTTP ' + response.status);
};
`;
const code = codeOf(await zipFiles([{ path: 'index.mjs', bytes: strToU8(SOURCE) }]));

const seconds = (ms: number) => (ms / 1000).toFixed(1);

const command = script('npm run scaling', 'Measure LocalStack with many shards: the figures in docs/scaling.md.')
  .option('--shards <n,…>', 'shard counts to measure', (text) => text.split(',').map(count), [1, 4, 16, 64])
  .option('--rounds <n>', 'rounds with one record per shard', count, 5)
  .option('--interval <seconds>', 'how often LocalStack reads a shard of a mapping; its default is 1', '0.1');

interface Options {
  shards: number[];
  rounds: number;
  interval: string;
}

await runScript<Options>(command, async ({ shards, rounds, interval }, signal) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-scaling-'));
  try {
    const env = { KINESIS_SHARD_LIMIT: '10000', LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: interval };
    const { endpoint, version } = await up({ port: 0, dataDir, env, signal, onProgress: console.log });
    console.log(`LocalStack ${version}, a shard every ${interval} s, batch size 10,000`);
    console.log(
      'shards | one record per shard: first, last handled after | 4,000 records of 1 KB: sent in, handled in, records/s',
    );
    for (const shardCount of shards) {
      const name = `scaling-${shardCount}`;
      const pipeline = parsePipeline(
        {
          buckets: { [name]: {} },
          streams: { [name]: { shardCount } },
          functions: { [name]: { zip: 'index.zip', buckets: { BUCKET: name }, timeoutSeconds: 60 } },
          eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST', batchSize: 10_000 }],
        },
        name,
      );
      const result = await apply({ name, pipeline, codes: new Map([[name, code]]) }, { endpoint, signal });
      if (!result.ok) throw Object.values(result.failures)[0];
      // The first record starts the function, which is not measured.
      const { begun: startedAt } = await put(endpoint, name, 1, 1, 10);
      await arrivals(endpoint, name, 0, 1, startedAt, signal);
      const [first, last]: [number[], number[]] = [[], []];
      let before = 1;
      for (let round = 0; round < rounds; round++) {
        const { begun } = await put(endpoint, name, shardCount, shardCount, 10);
        const seen = await arrivals(endpoint, name, before, shardCount, begun, signal);
        before += shardCount;
        first.push(seen.firstMs);
        last.push(seen.allMs);
      }
      const { begun, tookMs } = await put(endpoint, name, shardCount, RECORDS, 1000);
      const { allMs } = await arrivals(endpoint, name, before, RECORDS, begun, signal);
      const rate = Math.round(RECORDS / (allMs / 1000));
      console.log(
        `${shardCount} | ${seconds(median(first))}, ${seconds(median(last))} s (last: ${seconds(Math.min(...last))}–${seconds(Math.max(...last))}) | ${seconds(tookMs)}, ${seconds(allMs)} s, ${rate}/s`,
      );
    }
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});
