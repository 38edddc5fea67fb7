import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkTogether, findDefinitions, loadDefinition } from '../../../src/build/load/load.ts';
import { InvalidInputError } from '../../../src/runtime/errors.ts';
import { folderWith, refusal } from '../../support/folder.ts';

const EMPTY = `export default { buckets: { 'a-bucket': {} } };`;

describe('loadDefinition', () => {
  it('names the pipeline.json of a hook in ready.d as the hook, and any other as its file', async () => {
    const folder = folderWith({
      '10-a.sh': '',
      '10-a/pipeline.json': '{"buckets":{"bucket-a":{}}}',
      '20-b.sh': '',
      '20-b/pipeline.json': '{"buckets":{"bucket-b":{}}}',
      'alone/pipeline.json': '{"buckets":{"bucket-c":{}}}',
    });
    const files = ['10-a', '20-b', 'alone'].map((name) => join(folder, name, 'pipeline.json'));
    const loaded = await Promise.all(files.map((file) => loadDefinition(file)));
    expect(loaded.map(({ name }) => name)).toEqual(['10-a', '20-b', 'pipeline']);
    expect(() => checkTogether(loaded)).not.toThrow();
  });

  it('loads TypeScript that imports this package, its own helpers and a package, and leaves no file behind', async () => {
    const folder = folderWith({
      '10-a.ts': `import { definePipeline } from 'localstack-ready-hooks';
        import { bucket } from './shared/names.ts';
        import dep from 'dep';
        export default definePipeline({ buckets: { [bucket + dep]: {} }, functions: { f: { entry: './f.ts' }, g: { directory: 'g' }, h: { zip: '/h.zip' }, i: { existing: true } } });`,
      'shared/names.ts': `export const bucket: string = 'from-helper';`,
      'node_modules/dep/index.js': `module.exports = '-and-package';`,
    });
    const { name, file, pipeline } = await loadDefinition(join(folder, '10-a.ts'));
    expect({ name, file }).toEqual({ name: '10-a', file: join(folder, '10-a.ts') });
    expect(Object.keys(pipeline.buckets)).toEqual(['from-helper-and-package']);
    expect(pipeline.functions).toMatchObject({
      f: { entry: join(folder, 'f.ts') },
      g: { directory: join(folder, 'g') },
      h: { zip: '/h.zip' },
      i: { existing: true },
    });
    expect(readdirSync(folder).sort()).toEqual(['10-a.ts', 'node_modules', 'shared']);
  });

  it.each(['.mts', '.js', '.mjs'])('loads %s, in a CommonJS project too', async (extension) => {
    const folder = folderWith({ [`a${extension}`]: EMPTY, 'package.json': '{ "type": "commonjs" }' });
    expect((await loadDefinition(join(folder, `a${extension}`))).pipeline.buckets).toHaveProperty('a-bucket');
  });

  it('fills placeholders of code paths from the environment of the build, absolute ones too', async () => {
    const zip = JSON.stringify({ functions: { f: { zip: `\${CODE_DIR}/f.zip` } } });
    const folder = folderWith({ 'a.json': zip });
    vi.stubEnv('CODE_DIR', '/elsewhere');
    expect((await loadDefinition(join(folder, 'a.json'))).pipeline.functions).toMatchObject({
      f: { zip: '/elsewhere/f.zip' },
    });
    vi.unstubAllEnvs();
    expect(await refusal(loadDefinition(join(folder, 'a.json')))).toContain(
      'functions.f.zip needs CODE_DIR, which is not set here',
    );
  });

  it('loads JSON', async () => {
    const folder = folderWith({ 'a.json': '{ "buckets": { "a-bucket": {} } }' });
    expect((await loadDefinition(join(folder, 'a.json'))).pipeline.buckets).toHaveProperty('a-bucket');
  });

  it('sees a change at once, and knows import.meta.url', async () => {
    const folder = folderWith({ 'a.ts': EMPTY });
    await loadDefinition(join(folder, 'a.ts'));
    writeFileSync(
      join(folder, 'a.ts'),
      `export default { buckets: { [import.meta.url.endsWith('a.ts') ? 'right' : 'wrong']: {} } };`,
    );
    expect(Object.keys((await loadDefinition(join(folder, 'a.ts'))).pipeline.buckets)).toEqual(['right']);
  });

  it.skipIf(process.platform === 'win32')('loads from a read-only folder', async () => {
    const folder = folderWith({ 'init/a.ts': EMPTY });
    chmodSync(join(folder, 'init'), 0o555);
    expect((await loadDefinition(join(folder, 'init/a.ts'))).name).toBe('a');
    chmodSync(join(folder, 'init'), 0o755);
  });

  it.each([
    ['nothing', ``, 'it exports nothing'],
    ['no default', `export const pipeline = {};`, 'it exports only pipeline'],
    ['a function', `export default () => ({});`, 'its default export is a function: call it'],
    ['a promise', `export default Promise.resolve({});`, 'its default export is a promise: await it'],
    ['a text', `export default 'a';`, 'its default export is a string'],
    ['null', `export default null;`, 'its default export is null'],
    ['undefined', `export default undefined;`, 'its default export is undefined'],
  ])('refuses %s', async (_, text, says) => {
    const file = join(folderWith({ 'a.ts': text }), 'a.ts');
    const message = await refusal(loadDefinition(file));
    expect(message).toContain(`InvalidInputError: The definition ${file} must end in "export default definePipeline`);
    expect(message).toContain(says);
  });

  it.each([
    ['an error', `\n\nconst x: number = 1;\nthrow new TypeError('no such thing ' + x);`, 'no such thing 1', ':4:7).'],
    ['a text', `throw 'a text';`, 'a text', 'a.ts).'],
    ['a missing package', `import 'not-there'; export default {};`, `Cannot find package 'not-there'`, ').'],
  ])('tells what a definition throws, and where: %s', async (_, text, says, place) => {
    const file = join(folderWith({ 'a.ts': text }), 'a.ts');
    const error = await loadDefinition(file).catch((reason) => reason);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(`The definition ${file} throws: `);
    expect(error.message).toContain(says);
    expect(error.message).toContain(`(at ${file}`);
    expect(error.message.endsWith(place)).toBe(true);
    expect(error.message).not.toContain('.ready-hooks-');
    expect(error.cause).toBeDefined();
  });

  it('places an error in a helper there', async () => {
    const folder = folderWith({
      'a.ts': `import './shared/b.ts'; export default {};`,
      'shared/b.ts': `type T = 1;\nthrow new Error('in b');`,
    });
    expect(await refusal(loadDefinition(join(folder, 'a.ts')))).toContain(
      `in b (at ${join(folder, 'shared/b.ts')}:2:7)`,
    );
  });

  it('shows a syntax error as esbuild does', async () => {
    const file = join(folderWith({ 'a.ts': `export default {\n  buckets: [}\n};` }), 'a.ts');
    const message = await refusal(loadDefinition(file));
    expect(message).toContain(`The definition ${file} does not compile:\n`);
    expect(message).toContain('a.ts:2:12:');
    expect(message).toContain('2 │   buckets: [}');
  });

  it('shows where JSON is malformed', async () => {
    const file = join(folderWith({ 'a.json': `{\n  "buckets": { "a" }\n}` }), 'a.json');
    expect(await refusal(loadDefinition(file))).toMatch(/InvalidInputError: .*a\.json.*2/);
  });

  it('says which definitions there are when one is not', async () => {
    const folder = folderWith({ '10-a.ts': EMPTY, '20-b.json': '{}' });
    expect(await refusal(loadDefinition(join(folder, '10-x.ts')))).toBe(
      `InvalidInputError: The definition ${join(folder, '10-x.ts')} is not there. There are: ${join(folder, '10-a.ts')}, ${join(folder, '20-b.json')}.`,
    );
  });

  it.each(['-a.ts', 'a b.ts', 'ä.ts', '.a.ts', 'a$b.json'])('refuses the name %s', async (name) => {
    expect(await refusal(loadDefinition(join(folderWith({ [name]: EMPTY }), name)))).toContain('cannot name a hook');
  });

  it('refuses other kinds of file', async () => {
    expect(await refusal(loadDefinition(join(folderWith({ 'a.yaml': '' }), 'a.yaml')))).toContain(
      'is not a definition',
    );
  });
});

describe('findDefinitions', () => {
  it('finds what is directly in the folder, in the order in which LocalStack runs the hooks', async () => {
    const folder = folderWith({
      '20-b.json': '',
      '10-a.ts': '',
      '10-a-b.mjs': '',
      'B.mts': '',
      'a.js': '',
      '9-z.ts': '',
      'functions/f.ts': '',
      '.hidden.ts': '',
      'types.d.ts': '',
      'a.test.ts': '',
      'package.json': '',
      'tsconfig.json': '',
      'notes.md': '',
    });
    const names = (await findDefinitions(folder)).map((file) => file.slice(folder.length + 1));
    expect(names).toEqual(['10-a-b.mjs', '10-a.ts', '20-b.json', '9-z.ts', 'B.mts', 'a.js']);
  });

  it('says when there is none', async () => {
    expect(await refusal(findDefinitions(folderWith()))).toContain('holds no definition');
    expect(await refusal(findDefinitions('/not/there'))).toContain('There is no folder /not/there');
  });
});
