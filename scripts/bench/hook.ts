import { readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/ready-d/build.ts';
import { run } from '../../src/local/machine/command.ts';
import { operationIn } from '../../test/support/operations.ts';
import { pipelineOf } from './pipeline.ts';
import { timed } from './stats.ts';

const PROBE = fileURLToPath(new URL('./probe.cjs', import.meta.url));
const HOOK = '10-bench';

/** One run of the hook: its time, requests and peak memory. */
export interface HookRun {
  ms: number;
  maxRssMb: number;
  requests: string[];
}

/** Builds the hook of these pipelines into a folder that holds the function's package; returns its script. */
export async function buildHook(folder: string, names: readonly string[], shards = 1): Promise<string> {
  const definition = join(folder, `${HOOK}.json`);
  await writeFile(definition, JSON.stringify(pipelineOf(names, shards)));
  const outDir = join(folder, 'ready.d');
  await build({ definitions: [definition], outDir });
  return join(outDir, `${HOOK}.sh`);
}

/** Runs a hook as an engine does: with sh, and only PATH and the endpoint in its environment. */
export async function runHook(script: string, endpoint: string, signal: AbortSignal): Promise<number> {
  const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint };
  return (await timed(() => run('sh', [script], { env, signal }))).ms;
}

/** The same, with a probe inside that counts requests and memory and costs about 2 ms. */
export async function runProbed(script: string, endpoint: string, signal: AbortSignal): Promise<HookRun> {
  const file = `${script}.probe.json`;
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: endpoint,
    NODE_OPTIONS: `--require=${PROBE}`,
    BENCH_PROBE_FILE: file,
  };
  const { ms } = await timed(() => run('sh', [script], { env, signal }));
  const seen = JSON.parse(await readFile(file, 'utf8')) as { requests: Asked[]; maxRssKb: number };
  await rm(file);
  return { ms, maxRssMb: seen.maxRssKb / 1024, requests: seen.requests.map(operationOf) };
}

interface Asked {
  method: string;
  url: string;
  target?: string;
}

function operationOf({ method, url, target }: Asked): string {
  return operationIn({ method, url, headers: { 'x-amz-target': target } } as unknown as IncomingMessage);
}
