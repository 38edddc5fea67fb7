import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down, up } from '../../../src/local/index.ts';

/** For an engine that many tests share: LocalStack's limit is 100 shards, and it saves all streams every 5 s. */
const SHARED = { KINESIS_SHARD_LIMIT: '10000', KINESIS_PERSISTENCE: '0' };

/** Starts one LocalStack for each worker, on its own port and folder. */
export default async function setup(project: TestProject) {
  // vitest calls this for each project, and the workers inherit the environment.
  if (process.env['READY_HOOKS_TEST_ENGINES']) return;
  const workers = Number(project.config.maxWorkers) || 1;
  const folders = await Promise.all(
    Array.from({ length: workers }, () => mkdtemp(join(tmpdir(), 'ready-hooks-test-'))),
  );
  // One after the other: the first one installs LocalStack for all.
  const engines: string[] = [];
  for (const dataDir of folders) engines.push(`${(await up({ port: 0, dataDir, env: SHARED })).endpoint}=${dataDir}`);
  process.env['READY_HOOKS_TEST_ENGINES'] = engines.join(' ');
  return async () => {
    for (const dataDir of folders) {
      await down({ dataDir });
      await rm(dataDir, { recursive: true, force: true });
      await rm(`${dataDir}.claim`, { force: true });
    }
  };
}
