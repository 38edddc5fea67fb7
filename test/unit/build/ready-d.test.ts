import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeReadyD } from '../../../src/build/ready-d/ready-d.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import { folderWith, refusal } from '../../support/folder.ts';

const RUNTIME = Buffer.from('// runtime');
const hook = (name: string, zips: Record<string, string> = { 'f.zip': 'code' }) => ({
  name,
  pipeline: parsePipeline({ buckets: { 'a-bucket': {} } }, name),
  files: new Map(Object.entries(zips).map(([file, text]) => [file, Buffer.from(text)])),
});
const all = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort();
const actions = (written: Awaited<ReturnType<typeof writeReadyD>>) =>
  Object.fromEntries(written.map(({ path, action }) => [path, action]));

describe('writeReadyD', () => {
  it('writes launcher, runtime, pipeline and zips, and nothing twice', async () => {
    const out = join(folderWith(), 'deep', 'ready.d');
    expect(actions(await writeReadyD(out, [hook('10-a')], RUNTIME))).toEqual({
      '10-a.sh': 'written',
      '10-a/pipeline.json': 'written',
      '10-a/f.zip': 'written',
      'ready-hooks.mjs': 'written',
    });
    expect(all(out)).toEqual([
      '.ready-hooks.json',
      '10-a',
      '10-a.sh',
      '10-a/f.zip',
      '10-a/pipeline.json',
      'ready-hooks.mjs',
    ]);
    expect(statSync(join(out, '10-a.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(out, 'ready-hooks.mjs')).mode & 0o777).toBe(0o644);
    expect(JSON.parse(readFileSync(join(out, '10-a/pipeline.json'), 'utf8'))).toEqual(hook('10-a').pipeline);

    const before = all(out).map((path) => statSync(join(out, path)).mtimeMs);
    const again = await writeReadyD(out, [hook('10-a')], RUNTIME);
    expect(new Set(Object.values(actions(again)))).toEqual(new Set(['unchanged']));
    expect(all(out).map((path) => statSync(join(out, path)).mtimeMs)).toEqual(before);
  });

  it('keeps the folders that a container has mounted, and mends a lost exec bit', async () => {
    const out = folderWith();
    await writeReadyD(out, [hook('10-a')], RUNTIME);
    const inodes = [out, join(out, '10-a')].map((path) => statSync(path).ino);
    chmodSync(join(out, '10-a.sh'), 0o644);
    expect(actions(await writeReadyD(out, [hook('10-a', { 'f.zip': 'new code' })], RUNTIME))).toMatchObject({
      '10-a.sh': 'written',
      '10-a/f.zip': 'written',
      '10-a/pipeline.json': 'unchanged',
    });
    expect([out, join(out, '10-a')].map((path) => statSync(path).ino)).toEqual(inodes);
    expect(readFileSync(join(out, '10-a/f.zip'), 'utf8')).toBe('new code');
    expect(statSync(join(out, '10-a.sh')).mode & 0o777).toBe(0o755);
  });

  it('removes what it made and no longer needs, and leaves all else', async () => {
    const out = folderWith({ '05-mine.sh': 'mine', '20-b/notes.md': 'mine' });
    await writeReadyD(out, [hook('10-a'), hook('20-b'), hook('30-c')], RUNTIME);
    writeFileSync(join(out, '30-c.sh'), '#!/bin/sh\n# changed');
    const written = await writeReadyD(out, [hook('10-a', {})], RUNTIME);
    expect(actions(written)).toEqual({
      '10-a.sh': 'unchanged',
      '10-a/pipeline.json': 'unchanged',
      'ready-hooks.mjs': 'unchanged',
      '10-a/f.zip': 'removed',
      '20-b.sh': 'removed',
      '20-b/f.zip': 'removed',
      '20-b/pipeline.json': 'removed',
      '30-c.sh': 'kept',
      '30-c/f.zip': 'removed',
      '30-c/pipeline.json': 'removed',
    });
    expect(all(out)).toEqual([
      '.ready-hooks.json',
      '05-mine.sh',
      '10-a',
      '10-a.sh',
      '10-a/pipeline.json',
      '20-b',
      '20-b/notes.md',
      '30-c.sh',
      'ready-hooks.mjs',
    ]);
  });

  it.each([
    ['a foreign launcher', '10-a.sh', 'was not made by this build'],
    ['a foreign runtime', 'ready-hooks.mjs', 'was not made by this build'],
    ['a file where the hook’s folder goes', '10-a', 'is in the way'],
  ])('refuses to overwrite %s, and writes nothing', async (_, path, says) => {
    const out = folderWith({ [path]: 'mine' });
    const message = await refusal(writeReadyD(out, [hook('10-a'), hook('20-b')], RUNTIME));
    expect(message).toContain('InvalidInputError');
    expect(message).toContain(join(out, path));
    expect(message).toContain(says);
    expect(all(out)).toEqual([path]);
  });

  it('refuses to overwrite what was changed by hand', async () => {
    const out = folderWith();
    await writeReadyD(out, [hook('10-a')], RUNTIME);
    writeFileSync(join(out, '10-a/pipeline.json'), '{}');
    const changed = { ...hook('10-a'), pipeline: parsePipeline({}, 'a') };
    expect(await refusal(writeReadyD(out, [changed], RUNTIME))).toContain(
      '10-a/pipeline.json was changed since it was built',
    );
    expect(readFileSync(join(out, '10-a/pipeline.json'), 'utf8')).toBe('{}');
  });

  it('says so when ready.d cannot be', async () => {
    const out = folderWith();
    mkdirSync(join(out, '10-a.sh'));
    expect(await refusal(writeReadyD(out, [hook('10-a')], RUNTIME))).toContain('10-a.sh is in the way');
  });
});
