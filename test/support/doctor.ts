import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import { doctor } from '../../src/features/doctor/doctor.ts';
import type { LocalEngine } from '../../src/local/index.ts';
import { type Aws, connect } from '../../src/runtime/engine/connect.ts';
import { uniqueName } from './pipelines.ts';
import { recorder } from './recorder.ts';

export const ACCOUNT = '000000000000';
export const arnOf = (name: string, region = 'us-east-1', account = ACCOUNT) =>
  `arn:aws:kinesis:${region}:${account}:stream/${name}`;

/** By default the Kinesis engine saves its streams every 5 s, and a saved stream survives a kill. */
export const FORGETFUL = { KINESIS_PERSISTENCE: '0' };

/** Creates resources as a user's own script would, mistakes included, and returns the doctor's findings. */
export async function patient(engine: LocalEngine, region = 'us-east-1', account = ACCOUNT) {
  const aws: Aws = await connect({ endpoint: engine.endpoint, region, account });
  const log = () => readFile(engine.logFile, 'utf8');
  const patient = {
    aws,
    log,
    createStream: (StreamName: string) => aws.call('CreateStream', { StreamName, ShardCount: 1 }),
    active: (StreamName: string) =>
      vi.waitFor(async () => {
        const { StreamDescriptionSummary: seen } = await aws.call('DescribeStreamSummary', { StreamName });
        if (seen?.StreamStatus !== 'ACTIVE') throw new Error(`${StreamName} is ${seen?.StreamStatus}`);
      }, 30_000),
    gone: (StreamName: string) =>
      vi.waitFor(async () => {
        if ((await aws.call('ListStreams', {})).StreamNames?.includes(StreamName)) throw new Error('it still exists');
      }, 10_000),
    async createFunction(changes: { Role?: string; Runtime?: 'nodejs20.x' | 'ruby3.3' } = {}): Promise<string> {
      const FunctionName = uniqueName('patient');
      await aws.call('CreateFunction', {
        FunctionName,
        Role: `arn:aws:iam::${ACCOUNT}:role/r`,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: recorder.zip },
        ...changes,
      });
      await vi.waitFor(async () => {
        const { Configuration } = await aws.call('GetFunction', { FunctionName });
        if (Configuration?.State === 'Pending') throw new Error('Pending');
      }, 20_000);
      return FunctionName;
    },
    async createMapping(FunctionName: string, EventSourceArn: string, changes: object = {}): Promise<string> {
      const StartingPosition = 'TRIM_HORIZON';
      const created = await aws.call('CreateEventSourceMapping', {
        FunctionName,
        EventSourceArn,
        StartingPosition,
        ...changes,
      });
      const UUID = created.UUID ?? '';
      await vi.waitFor(async () => {
        const { State } = await aws.call('GetEventSourceMapping', { UUID });
        if (State !== 'Enabled' && State !== 'Disabled') throw new Error(`is ${State}`);
      }, 20_000);
      return UUID;
    },
    /** Waits until the log after `mark` matches. */
    logged: (mark: number, text: RegExp) =>
      vi.waitFor(async () => {
        if (!text.test((await log()).slice(mark))) throw new Error(`${text} is not in the log`);
      }, 30_000),
    /** The codes that the doctor finds for a mapping. Uses the log only after `mark`: earlier lines come from other tests. */
    async codes(mapping: string, mark = 0): Promise<string[]> {
      const logFile = join(engine.dataDir, `${uniqueName('part')}.log`);
      await writeFile(logFile, (await log()).slice(mark));
      const findings = await doctor([], { endpoint: engine.endpoint, region, mapping, logFile });
      return findings.map(({ code }) => code);
    },
    /** Kills this LocalStack's Kinesis engine, as the kernel does when memory runs out. */
    async killKinesis(): Promise<void> {
      const all = execFileSync('ps', ['-eo', 'pid,args']).toString().split('\n');
      const own = all.filter((line) => line.includes(engine.dataDir) && line.includes('kinesis-local'));
      for (const line of own) process.kill(Number(line.trim().split(/\s+/)[0]), 'SIGKILL');
      await sleep(200);
    },
  };
  return patient;
}
