import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { down, type UpOptions, up } from '../../src/local/index.ts';
import { bucketsNamed } from '../support/bucket.ts';
import { folderWith } from '../support/folder.ts';
import { latest, project, recording } from '../support/project.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

const pipeline = (...functions: string[]) => ({
  buckets: { handled: {} },
  streams: { orders: {} },
  functions: Object.fromEntries(functions.map((each) => [each, recording('handled')])),
  eventSourceMappings: functions.map((each) => latest('orders', each)),
});

test.each<[string, UpOptions, { keepsMappingTags: boolean }]>([
  ['LocalStack 3.8.1', { version: '3.8.1' }, { keepsMappingTags: false }],
  ['LocalStack 4.2.0', { version: '4.2.0' }, { keepsMappingTags: true }],
  ['MiniStack', { engine: 'ministack' }, { keepsMappingTags: true }],
])('%s: rename, remove, prune', { timeout: 240_000 }, async (_, options, { keepsMappingTags }) => {
  const folder = folderWith();
  const dataDir = join(folder, 'data');
  const { endpoint } = await up({ port: 0, dataDir, ...options });
  try {
    const { define, run } = project(folder, endpoint);
    const all = pipeline('old', 'stays');
    define('10-a', { ...all, buckets: { ...all.buckets, legacy: {} }, streams: { ...all.streams, legacy: {} } });
    expect((await run('apply', '10-a.json')).stdout).toMatch(/8 created\n$/);

    define('10-a', pipeline('new', 'stays'));
    const applied = await run('apply', '10-a.json');
    for (const step of ['event source mapping orders → old: still', 'function old', 'stream legacy', 'bucket legacy'])
      expect(applied.stdout).toContain(`    ${step}`);
    expect((await run('status', '10-a.json')).code).toBe(1);
    const pruned = await run('apply', '10-a.json', '--prune-data');
    expect(pruned.stdout).toMatch(/4 deleted\n/);
    expect(await bucketsNamed(endpoint, 'legacy')).toEqual([]);
    expect((await run('status', '10-a.json')).code).toBe(0);
    await putTogether(endpoint, 'orders', ['twice']);
    await vi.waitFor(async () => expect((await handled(endpoint, 'handled')).get('twice')).toBe(2), 30_000);

    // A mapping whose function and stream are still declared is known only by its own tag.
    define('10-a', { ...pipeline('new', 'stays'), eventSourceMappings: [latest('orders', 'new')] });
    const again = await run('apply', '10-a.json', '--prune');
    if (keepsMappingTags) expect(again.stdout).toMatch(/1 deleted\n$/);
    else expect(again.stdout).toMatch(/warning: LocalStack 3\.8\.1 keeps no tags of event source mappings/);
  } finally {
    await down({ dataDir });
  }
});
