import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleRuntime } from '../../src/bundle/runtime.ts';
import { applyPipeline } from '../../src/library.ts';
import { run } from '../../src/local/machine/command.ts';
import { floorRun, oneByOne } from './floor.ts';
import { buildHook, runHook } from './hook.ts';
import { cloudFormationTemplate, peerEnvironment } from './peers/peers.ts';
import { pipelineOf } from './pipeline.ts';
import type { RawClient } from './raw.ts';
import { timed } from './stats.ts';

/** One way to bring pipelines up; `run` gives the milliseconds it took, without what is prepared before. */
export interface Contender {
  id: string;
  title: string;
  /** Whether it makes pipelines, whose readiness is then checked. */
  makes: boolean;
  run(names: readonly string[]): Promise<number>;
}

export interface Bench {
  endpoint: string;
  /** Scratch; holds the function's package. */
  folder: string;
  zip: Buffer;
  source: string;
  /** Where the packages of the peers are installed. */
  peers: string;
  raw: RawClient;
  /** Kept apart from `raw`: latencies of requests that nothing else runs beside. */
  lone: RawClient;
  signal: AbortSignal;
}

const BARE = fileURLToPath(new URL('./peers/bare-sdk.ts', import.meta.url));
const peerFile = (name: string) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));

/** Everything that is raced, ours and the floor among them. */
export async function contenders(bench: Bench): Promise<Contender[]> {
  const { endpoint, folder, signal, zip } = bench;
  const bare = join(folder, 'bare-sdk.mjs');
  await writeFile(bare, (await bundleRuntime(BARE)).bytes);
  const template = join(folder, 'template.yaml');
  await writeFile(template, await cloudFormationTemplate(bench.source));
  const zipFile = join(folder, 'function.zip');
  const env = peerEnvironment(bench.peers, endpoint);
  const peer = (command: string, args: readonly string[]) => timed(() => run(command, args, { env, signal }));

  return [
    {
      id: 'floor',
      title: 'floor: raw requests in strict order',
      makes: true,
      run: async (names) => (await timed(() => floorRun(bench.raw, names, zip))).ms,
    },
    {
      id: 'lone',
      title: 'the same requests one by one',
      makes: true,
      run: async (names) => (await timed(() => oneByOne(bench.lone, names, zip))).ms,
    },
    {
      id: 'bare',
      title: 'start of a bare SDK bundle',
      makes: false,
      run: async () =>
        (await timed(() => run(process.execPath, [bare], { env: { PATH: process.env['PATH'] }, signal }))).ms,
    },
    {
      id: 'hook',
      title: 'ours: the built hook',
      makes: true,
      run: async (names) => runHook(await buildHook(folder, names), endpoint, signal),
    },
    {
      id: 'library',
      title: 'ours: the library in a warm process',
      makes: true,
      run: async (names) => (await timed(() => applyPipeline(pipelineOf(names), { endpoint, folder, signal }))).ms,
    },
    {
      id: 'boto3',
      title: 'Python, boto3, waiters at 0.1 s',
      makes: true,
      run: async (names) => (await peer('python', [peerFile('boto3_hook.py'), zipFile, ...names])).ms,
    },
    {
      id: 'awslocal',
      title: "sh, awslocal, the CLI's waiters",
      makes: true,
      run: async (names) => (await peer('sh', [peerFile('awslocal.sh'), zipFile, ...names])).ms,
    },
    {
      id: 'cloudformation',
      title: 'CloudFormation, aws cloudformation deploy',
      makes: true,
      run: async ([name = '']) => {
        const deploy = ['cloudformation', 'deploy', '--template-file', template, '--stack-name', name];
        return (await peer('aws', [...deploy, '--parameter-overrides', `Name=${name}`])).ms;
      },
    },
  ];
}
