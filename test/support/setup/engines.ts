import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { down, up } from '../../../src/local/index.ts';
import { type Engines, publishEngines } from '../engines-file.ts';

/** For an engine that many tests share: LocalStack's limit is 100 shards, and it saves all streams every 5 s. */
const SHARED = { KINESIS_SHARD_LIMIT: '10000', KINESIS_PERSISTENCE: '0' };

/** Some tests also pass on another engine, such as the kill matrix on LocalEmu. */
const ENGINE = process.env['READY_HOOKS_TEST_ENGINE'] === 'localemu' ? 'localemu' : 'localstack';

/**
 * Starts one LocalStack for each worker, on its own port and folder. The tests that need none run meanwhile: on a new
 * machine, LocalStack is installed first.
 */
export default async function setup(project: TestProject) {
  // vitest calls this for each project, and the workers inherit the environment.
  if (process.env['READY_HOOKS_TEST_ENGINES']) return;
  const own = await mkdtemp(join(tmpdir(), 'ready-hooks-test-engines-'));
  const file = join(own, 'engines.json');
  process.env['READY_HOOKS_TEST_ENGINES'] = file;
  const workers = Number(project.config.maxWorkers) || 1;
  const folders = await Promise.all(
    Array.from({ length: workers }, () => mkdtemp(join(tmpdir(), 'ready-hooks-test-'))),
  );
  const started = start(folders).then((engines) => publishEngines(file, engines));
  return async () => {
    await started;
    for (const dataDir of folders) {
      await down({ dataDir });
      await rm(dataDir, { recursive: true, force: true });
      await rm(`${dataDir}.claim`, { force: true });
    }
    await rm(own, { recursive: true, force: true });
  };
}

async function start(folders: string[]): Promise<Engines> {
  const engines: Engines['engines'] = [];
  try {
    // One after the other: the first one installs LocalStack for all.
    for (const dataDir of folders)
      engines.push({ endpoint: (await up({ engine: ENGINE, port: 0, dataDir, env: SHARED })).endpoint, dataDir });
    return { engines };
  } catch (error) {
    return { engines, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
