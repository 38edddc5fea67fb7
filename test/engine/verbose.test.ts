import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';

let folder: string;
let definition: string;
const name = uniqueName('verbose');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-verbose-'));
  definition = join(folder, '10-verbose.json');
  await writeFile(definition, JSON.stringify({ buckets: { [name]: { tags: { secret: 'hush' } } } }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('--verbose tells every request and its answer on stderr, and no values; without, there is nothing', async () => {
  const args = [definition, '--endpoint', endpoint()];
  const told = await cli(['apply', ...args, '--verbose']);
  expect(told.code).toBe(0);
  expect(told.stderr).toMatch(new RegExp(`^ {2}> GetBucketTagging ${name}: NoSuchBucket in \\d+ ms$`, 'm'));
  expect(told.stderr).toMatch(new RegExp(`^ {2}> CreateBucket ${name}: ok in \\d+ ms$`, 'm'));
  expect(told.stderr).not.toContain('hush');
  expect((await cli(['apply', ...args])).stderr).toBe('');
  expect((await cli(['destroy', ...args])).code).toBe(0);
});
