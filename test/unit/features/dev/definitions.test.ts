import { expect, test } from 'vitest';
import { Definitions } from '../../../../src/features/dev/definitions.ts';

const A = 'init/10-a.ts';
const B = 'init/20-b.ts';

/** Two definitions that are ready, and share a file. */
function ready() {
  const definitions = new Definitions([A, B]);
  definitions.addSources(A, ['/init/10-a.ts', '/init/names.ts', '/init/site']);
  definitions.addSources(B, ['/init/20-b.ts', '/init/names.ts']);
  for (const file of [A, B]) definitions.applied(file, true);
  return definitions;
}

test('every definition is due at first, and until it was applied', () => {
  const definitions = new Definitions([A, B]);
  expect(definitions.due()).toEqual([A, B]);
  definitions.applied(A, true);
  expect(definitions.due()).toEqual([B]);
});

test.each<[string, string[], { changed: string[]; due: string[] }]>([
  ['one is due when its file changes', ['/init/20-b.ts'], { changed: ['/init/20-b.ts'], due: [B] }],
  [
    'both are due when a file that both import changes',
    ['/init/names.ts'],
    { changed: ['/init/names.ts'], due: [A, B] },
  ],
  ['a folder counts with all that is in it', ['/init/site/a/b.html'], { changed: ['/init/site/a/b.html'], due: [A] }],
  ['a folder whose name is longer is another', ['/init/site-old/a.html'], { changed: [], due: [] }],
  ['a path is reported once', ['/init/10-a.ts', '/other', '/init/10-a.ts'], { changed: ['/init/10-a.ts'], due: [A] }],
  [
    'paths stay in their order',
    ['/init/20-b.ts', '/init/10-a.ts'],
    { changed: ['/init/20-b.ts', '/init/10-a.ts'], due: [A, B] },
  ],
])('%s', (_, paths, { changed, due }) => {
  const definitions = ready();
  expect(definitions.changed(paths)).toEqual(changed);
  expect(definitions.due()).toEqual(due);
});

test('what a definition was made of before stays watched', () => {
  const definitions = ready();
  definitions.addSources(A, ['/init/10-a.ts', '/init/other.ts']);
  expect(definitions.changed(['/init/names.ts', '/init/other.ts'])).toEqual(['/init/names.ts', '/init/other.ts']);
});

test('one that failed is due again when the engine is back, all of them when it lost what it held', () => {
  const definitions = ready();
  definitions.applied(B, false);
  expect(definitions.due()).toEqual([]);
  definitions.engineBack(false);
  expect(definitions.due()).toEqual([B]);
  definitions.engineBack(true);
  expect(definitions.due()).toEqual([A, B]);
});

test('a folder that holds other files now: those are due, in its order, and what is gone is forgotten', () => {
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

test('a definition that was removed while it was applied stays removed', () => {
  const definitions = new Definitions([A]);
  definitions.replace([]);
  definitions.addSources(A, ['/init/10-a.ts']);
  definitions.applied(A, false);
  expect(definitions.due()).toEqual([]);
});
