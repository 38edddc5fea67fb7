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

test('--verbose logs every request and its result to stderr, without values; otherwise stderr is empty', async () => {
  const args = [definition, '--endpoint', endpoint()];
  const logged = await cli(['apply', ...args, '--verbose']);
  expect(logged.code).toBe(0);
  expect(logged.stderr).toMatch(
    new RegExp(`^ {2}> GetBucketTagging ${name}: NoSuchBucket: .* \\(HTTP 404\\) in \\d+ ms$`, 'm'),
  );
  expect(logged.stderr).toMatch(new RegExp(`^ {2}> CreateBucket ${name}: ok in \\d+ ms$`, 'm'));
  expect(logged.stderr).not.toContain('hush');
  expect((await cli(['apply', ...args])).stderr).toBe('');
  expect((await cli(['destroy', ...args])).code).toBe(0);
});
