import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { measure, PROBES } from '../../../scripts/compat/settings/measure.ts';
import { down, up } from '../../../src/local/index.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-settings-'));
});
afterEach(async () => {
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

test('npm run compat tells settings that work from those that are ignored', { timeout: 120_000 }, async () => {
  const { endpoint } = await up({ engine: 'ministack', port: 0, dataDir });
  const probes = PROBES.filter(({ title }) => /batchSize|filters|tumbling/.test(title));
  const outcomes = await measure(endpoint, { probes, signal: AbortSignal.timeout(100_000) });
  expect(outcomes).toMatchObject({
    '`batchSize`': { verdict: 'works', seen: 'batches of 3, 3, 3, 1' },
    '`filters` on `data`': { verdict: 'works', seen: 'delivered: a1, a2' },
    '`tumblingWindowSeconds`': { verdict: 'ignored', seen: '0 of 1 events had a window' },
  });
});
