import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleRuntime } from '../../src/build/ready-d/runtime.ts';
import { applyPipeline } from '../../src/library.ts';
import { run } from '../../src/local/machine/command.ts';
import type { Bench } from './engine.ts';
import { floorRun, oneByOne } from './floor.ts';
import { buildHook, runHook } from './hook.ts';
import { cdkEnvironment, cloudFormationTemplate, peerEnvironment } from './peers/peers.ts';
import { pipelineOf, ZIP_FILE } from './pipeline.ts';
import type { RawClient } from './raw.ts';
import { timed } from './stats.ts';

/** In the order of docs/performance.md. */
export const TITLES = {
  floor: 'floor: raw requests in strict order',
  lone: 'the same requests, one at a time',
  bare: 'start of a bare SDK bundle',
  library: 'ready-hooks: library in a warm process',
  hook: 'ready-hooks: built hook',
  boto3: 'Python: boto3, waiters at 0.1 s',
  cloudformationFast: 'CloudFormation: boto3, waiter at 0.1 s',
  awslocalKind: 'awslocal with CLI waiters, best order',
  cdklocal: 'CDK: cdklocal deploy',
  awslocal: 'awslocal with CLI waiters',
  cloudformation: 'CloudFormation: aws cloudformation deploy',
};
export type Id = keyof typeof TITLES;

/** One way to create pipelines. Returns the milliseconds it took, without preparation. */
export type Contender = (names: readonly string[]) => Promise<number>;

const BARE = fileURLToPath(new URL('./peers/bare-sdk.ts', import.meta.url));
const peerFile = (name: string) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));

/** All contenders. `lone` records the latencies of requests that run on their own. */
export async function contenders(bench: Bench, lone: RawClient): Promise<Record<Id, Contender>> {
  const { endpoint, folder, signal, zip, raw } = bench;
  const bare = join(folder, 'bare-sdk.cjs');
  await writeFile(bare, (await bundleRuntime(BARE)).bytes);
  const template = join(folder, 'template.yaml');
  await writeFile(template, await cloudFormationTemplate(bench.source));
  const zipFile = join(folder, ZIP_FILE);
  const env = peerEnvironment(bench.peers, endpoint);
  const time = async (work: () => Promise<unknown>) => (await timed(work)).ms;
  const peer = (command: string, ...args: string[]) => time(() => run(command, args, { env, signal }));
  const deploy = (name: string) => ['--stack-name', name, '--parameter-overrides', `Name=${name}`];

  return {
    floor: (names) => time(() => floorRun(raw, names, zip)),
    lone: (names) => time(() => oneByOne(lone, names, zip)),
    bare: () => time(() => run(process.execPath, [bare], { env: { PATH: process.env['PATH'] }, signal })),
    library: (names) => time(() => applyPipeline(pipelineOf(names), { endpoint, folder, signal })),
    hook: async (names) => runHook(await buildHook(folder, names), endpoint, signal),
    boto3: (names) => peer('python', peerFile('boto3_hook.py'), zipFile, ...names),
    cloudformationFast: ([name = '']) => peer('python', peerFile('cloudformation.py'), template, name),
    awslocalKind: (names) => peer('sh', peerFile('awslocal.sh'), 'best', zipFile, ...names),
    awslocal: (names) => peer('sh', peerFile('awslocal.sh'), 'plain', zipFile, ...names),
    cdklocal: ([name = '']) => {
      const settings = { env: cdkEnvironment(env, name), cwd: folder, signal };
      const deploy = ['deploy', '--app', `node ${peerFile('cdk/app.cjs')}`, '--require-approval', 'never'];
      return time(() => run(peerFile('cdk/node_modules/.bin/cdklocal'), deploy, settings));
    },
    cloudformation: ([name = '']) =>
      peer('aws', 'cloudformation', 'deploy', '--template-file', template, ...deploy(name)),
  };
}
