import { expect, test } from 'vitest';
import { Definitions } from '../../../../src/features/dev/definitions.ts';

const A = 'init/10-a.ts';
const B = 'init/20-b.ts';

/** Two ready definitions that share a file. */
function ready() {
  const definitions = new Definitions([A, B]);
  definitions.addSources(A, ['/init/10-a.ts', '/init/names.ts', '/init/site']);
  definitions.addSources(B, ['/init/20-b.ts', '/init/names.ts']);
  for (const file of [A, B]) definitions.applied(file, true);
  return definitions;
}

test('every definition is due until it has been applied', () => {
  const definitions = new Definitions([A, B]);
  expect(definitions.due()).toEqual([A, B]);
  definitions.applied(A, true);
  expect(definitions.due()).toEqual([B]);
});

test.each<[string, string[], { changed: string[]; due: string[] }]>([
  ['one is due when its file changes', ['/init/20-b.ts'], { changed: ['/init/20-b.ts'], due: [B] }],
  ['both are due when a shared import changes', ['/init/names.ts'], { changed: ['/init/names.ts'], due: [A, B] }],
  ['a folder includes everything in it', ['/init/site/a/b.html'], { changed: ['/init/site/a/b.html'], due: [A] }],
  ['a folder with a longer name is a different one', ['/init/site-old/a.html'], { changed: [], due: [] }],
  ['a path is reported once', ['/init/10-a.ts', '/other', '/init/10-a.ts'], { changed: ['/init/10-a.ts'], due: [A] }],
  [
    'paths keep their order',
    ['/init/20-b.ts', '/init/10-a.ts'],
    { changed: ['/init/20-b.ts', '/init/10-a.ts'], due: [A, B] },
  ],
])('%s', (_, paths, { changed, due }) => {
  const definitions = ready();
  expect(definitions.changed(paths)).toEqual(changed);
  expect(definitions.due()).toEqual(due);
});

test('earlier sources of a definition stay watched', () => {
  const definitions = ready();
  definitions.addSources(A, ['/init/10-a.ts', '/init/other.ts']);
  expect(definitions.changed(['/init/names.ts', '/init/other.ts'])).toEqual(['/init/names.ts', '/init/other.ts']);
});

test('when the engine is back, failed definitions are due; all are due if it lost its resources', () => {
  const definitions = ready();
  definitions.applied(B, false);
  expect(definitions.due()).toEqual([]);
  definitions.engineBack(false);
  expect(definitions.due()).toEqual([B]);
  definitions.engineBack(true);
  expect(definitions.due()).toEqual([A, B]);
});

test('new files in the folder are due, in order, and removed files are forgotten', () => {
  const definitions = ready();
  expect(definitions.replace(['init/05-new.ts', B])).toEqual([
    { type: 'definition-removed', definition: A },
    { type: 'definition-added', definition: 'init/05-new.ts' },
  ]);
  expect(definitions.due()).toEqual(['init/05-new.ts']);
  expect(definitions.changed(['/init/10-a.ts'])).toEqual([]);
  expect(definitions.replace(['init/05-new.ts', B])).toEqual([]);
  definitions.replace([A, 'init/05-new.ts', B]);
  expect(definitions.due()).toEqual([A, 'init/05-new.ts']);
});

test('a definition removed during apply stays removed', () => {
  const definitions = new Definitions([A]);
  definitions.replace([]);
  definitions.addSources(A, ['/init/10-a.ts']);
  definitions.applied(A, false);
  expect(definitions.due()).toEqual([]);
});
