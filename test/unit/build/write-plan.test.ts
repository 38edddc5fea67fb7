import { describe, expect, it } from 'vitest';
import { digest, parseManifest, showManifest } from '../../../src/build/ready-d/manifest.ts';
import { planWrites, type SeenFile } from '../../../src/build/ready-d/write-plan.ts';

const NEW = Buffer.from('new');
const ours = (text: string, mode = 0o644): SeenFile => ({ digest: digest(Buffer.from(text)), mode });

describe('planWrites', () => {
  it.each<[string, { wanted: boolean; seen?: SeenFile; manifest?: string[] }, object | undefined]>([
    ['new', { wanted: true }, { action: 'write' }],
    ['ours, and older', { wanted: true, seen: ours('old'), manifest: ['old'] }, { action: 'write' }],
    [
      'ours, of a build that was cut off',
      { wanted: true, seen: ours('old'), manifest: ['new', 'old'] },
      { action: 'write' },
    ],
    ['the same', { wanted: true, seen: ours('new'), manifest: ['new'] }, { action: 'unchanged' }],
    ['the same, but nobody knows from where', { wanted: true, seen: ours('new') }, { action: 'unchanged' }],
    ['the same, without a mode', { wanted: true, seen: { digest: digest(NEW) } }, { action: 'unchanged' }],
    ['the same, with another mode', { wanted: true, seen: ours('new', 0o600), manifest: ['new'] }, { action: 'write' }],
    [
      'changed by hand',
      { wanted: true, seen: ours('mine'), manifest: ['old'] },
      { action: 'refuse', why: 'was changed since it was built' },
    ],
    ['a user’s own', { wanted: true, seen: ours('mine') }, { action: 'refuse', why: 'was not made by this build' }],
    ['a folder in the way', { wanted: true, seen: 'not a file' }, { action: 'refuse', why: 'is in the way' }],
    ['not needed any more', { wanted: false, seen: ours('old'), manifest: ['old'] }, { action: 'remove' }],
    ['not needed any more, but changed', { wanted: false, seen: ours('mine'), manifest: ['old'] }, { action: 'keep' }],
    [
      'not needed any more, and a folder now',
      { wanted: false, seen: 'not a file', manifest: ['old'] },
      { action: 'keep' },
    ],
    ['not needed any more, and gone', { wanted: false, manifest: ['old'] }, undefined],
    ['a user’s own, and not in the way', { wanted: false, seen: ours('mine') }, undefined],
  ])('%s', (_, { wanted, seen, manifest }, expected) => {
    const changes = planWrites(
      new Map(wanted ? [['a.sh', { bytes: NEW, mode: 0o644 }]] : []),
      new Map(seen ? [['a.sh', seen]] : []),
      new Map(manifest ? [['a.sh', manifest.map((text) => digest(Buffer.from(text)))]] : []),
    );
    expect(changes).toEqual(expected ? [{ path: 'a.sh', ...expected }] : []);
  });
});

describe('the manifest', () => {
  it('is read as it was written', () => {
    const manifest = new Map([
      ['b/c.zip', ['1', '2']],
      ['a.sh', ['3']],
    ]);
    expect(parseManifest(showManifest(manifest))).toEqual(manifest);
  });

  it.each([
    undefined,
    '',
    '{',
    '[]',
    'null',
    '{"files":{"/etc/passwd":["1"],"../a":["1"],"a/../../b":["1"],"c:\\\\d":["1"],"e":1}}',
  ])('that reads %s lists nothing', (text) => {
    expect(parseManifest(text).size).toBe(0);
  });
});
