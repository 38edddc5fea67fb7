import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { checkTogether } from '../../../src/build/load/check-together.ts';
import { findAnyDefinitions, findDefinitions } from '../../../src/build/load/definitions.ts';
import { loadDefinition } from '../../../src/build/load/load.ts';
import { InvalidInputError } from '../../../src/runtime/errors.ts';
import { folderWith, rejection, sharedFolder } from '../../support/folder.ts';

const EMPTY = `export default { buckets: { 'a-bucket': {} } };`;

describe('loadDefinition', () => {
  test('names the pipeline.json of a built hook after the hook, and any other after its file', async () => {
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

  test('loads TypeScript that imports this package, helpers and another package, and leaves no file behind', async () => {
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

  test.each(['.mts', '.js', '.mjs'])('loads %s, in a CommonJS project too', async (extension) => {
    const folder = folderWith({ [`a${extension}`]: EMPTY, 'package.json': '{ "type": "commonjs" }' });
    expect((await loadDefinition(join(folder, `a${extension}`))).pipeline.buckets).toHaveProperty('a-bucket');
  });

  test('loads CommonJS with what it requires, and gives each file its own names', async () => {
    const folder = folderWith({
      'init/a.js': `const { definePipeline } = require('localstack-ready-hooks');
        const { basename } = require('node:path');
        const dep = require('dep');
        const names = [__dirname, __filename, ...require('./shared/names.js')].map((path) => basename(path));
        module.exports = definePipeline({ buckets: Object.fromEntries([dep, ...names].map((name) => [name + '-bucket', {}])) });`,
      'init/shared/names.js': `module.exports = [__dirname, __filename, require('./module.mts').default];`,
      'init/shared/module.mts': `const __filename: string = import.meta.url; export default import.meta.filename + __filename.slice(-4);`,
      'node_modules/dep/index.js': `module.exports = 'dep';`,
    });
    const { pipeline } = await loadDefinition(join(folder, 'init/a.js'));
    expect(Object.keys(pipeline.buckets)).toEqual(
      ['dep', 'init', 'a.js', 'shared', 'names.js', 'module.mts.mts'].map((name) => `${name}-bucket`),
    );
  });

  test('loads what TypeScript compiles `export default` to', async () => {
    const text = `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = { buckets: { 'a-bucket': {} } };`;
    const folder = folderWith({ 'a.js': text });
    expect((await loadDefinition(join(folder, 'a.js'))).pipeline.buckets).toHaveProperty('a-bucket');
  });

  test('a definition may have a require and a __dirname of its own', async () => {
    const folder = folderWith({
      'a.mjs': `import { createRequire } from 'node:module';
        import { dirname } from 'node:path';
        import { fileURLToPath } from 'node:url';
        const require = createRequire(import.meta.url);
        const __dirname = dirname(fileURLToPath(import.meta.url));
        export default { buckets: { [require('dep') + __dirname.length]: {} } };`,
      'node_modules/dep/index.js': `module.exports = 'dep';`,
    });
    const { pipeline } = await loadDefinition(join(folder, 'a.mjs'));
    expect(Object.keys(pipeline.buckets)).toEqual([`dep${folder.length}`]);
  });

  describe.skipIf(process.platform !== 'linux')('in a folder that not even root can add a file to', () => {
    // Linux allows 4095 characters, and a temporary file's name is longer than a.js.
    const top = sharedFolder({ 'node_modules/dep/package.json': '{ "exports": { "import": "./index.mjs" } }' });
    writeFileSync(join(top, 'node_modules/dep/index.mjs'), `export default 'dep-bucket';`);
    const folder = join(top, ...Array.from({ length: 20 }, () => 'x'.repeat(250))).slice(0, 4080);
    mkdirSync(folder, { recursive: true });
    const load = (text: string) => {
      writeFileSync(join(folder, 'a.mjs'), text);
      return loadDefinition(join(folder, 'a.mjs'));
    };

    test('a definition loads with its packages', async () => {
      const { pipeline } = await load(`import dep from 'dep'; export default { buckets: { [dep]: {} } };`);
      expect(pipeline.buckets).toHaveProperty('dep-bucket');
    });

    test('the error of a missing package says so', async () => {
      const message = await rejection(load(`import 'not-there'; export default {};`));
      expect(message).toMatch(
        /Cannot find package 'not-there'.* It ran in .*, because .* is not writable \(ENAMETOOLONG\)/,
      );
      expect(message).not.toContain('.ready-hooks-');
    });

    test('without a folder for temporary files, the error names both', async () => {
      vi.stubEnv('TMPDIR', '/not/there');
      onTestFinished(() => void vi.unstubAllEnvs());
      expect(await rejection(load('export default {};'))).toMatch(
        /neither .* nor \/not\/there is writable \(ENAMETOOLONG, ENOENT\)\. Make one of them writable, or set TMPDIR/,
      );
    });
  });

  test('fills placeholders in code paths, also absolute ones, from the build’s environment', async () => {
    const zip = JSON.stringify({ functions: { f: { zip: `\${CODE_DIR}/f.zip` } } });
    const folder = folderWith({ 'a.json': zip });
    vi.stubEnv('CODE_DIR', '/elsewhere');
    expect((await loadDefinition(join(folder, 'a.json'))).pipeline.functions).toMatchObject({
      f: { zip: '/elsewhere/f.zip' },
    });
    vi.unstubAllEnvs();
    expect(await rejection(loadDefinition(join(folder, 'a.json')))).toContain(
      'functions.f.zip needs CODE_DIR, which is not set here',
    );
  });

  test('fills placeholders in code paths from `env`', async () => {
    const definition = { functions: { f: { zip: `\${CODE_DIR}/f.zip` } } };
    const file = join(folderWith({ 'a.json': JSON.stringify(definition) }), 'a.json');
    for (const given of [definition, file])
      expect((await loadDefinition(given, { env: { CODE_DIR: '/elsewhere' } })).pipeline.functions).toMatchObject({
        f: { zip: '/elsewhere/f.zip' },
      });
  });

  test('loads JSON', async () => {
    const folder = folderWith({ 'a.json': '{ "buckets": { "a-bucket": {} } }' });
    expect((await loadDefinition(join(folder, 'a.json'))).pipeline.buckets).toHaveProperty('a-bucket');
  });

  test('reads the current file, and supports import.meta.url', async () => {
    const folder = folderWith({ 'a.ts': EMPTY });
    await loadDefinition(join(folder, 'a.ts'));
    writeFileSync(
      join(folder, 'a.ts'),
      `export default { buckets: { [import.meta.url.endsWith('a.ts') ? 'right' : 'wrong']: {} } };`,
    );
    expect(Object.keys((await loadDefinition(join(folder, 'a.ts'))).pipeline.buckets)).toEqual(['right']);
  });

  test.skipIf(process.platform === 'win32')('loads from a read-only folder', async () => {
    const folder = folderWith({ 'init/a.ts': EMPTY });
    chmodSync(join(folder, 'init'), 0o555);
    expect((await loadDefinition(join(folder, 'init/a.ts'))).name).toBe('a');
    chmodSync(join(folder, 'init'), 0o755);
  });

  test.each([
    ['nothing', ``, 'it exports nothing'],
    ['no default', `export const pipeline = {};`, 'it exports only pipeline'],
    ['a function', `export default () => ({});`, 'its default export is a function: call it'],
    ['a promise', `export default Promise.resolve({});`, 'its default export is a promise: await it'],
    ['a string', `export default 'a';`, 'its default export is a string'],
    ['null', `export default null;`, 'its default export is null'],
    ['undefined', `export default undefined;`, 'its default export is undefined'],
  ])('rejects %s', async (_, text, found) => {
    const file = join(folderWith({ 'a.ts': text }), 'a.ts');
    const message = await rejection(loadDefinition(file));
    expect(message).toContain(`InvalidInputError: The definition ${file} must end in "export default definePipeline`);
    expect(message).toContain(found);
  });

  test.each([
    ['an error', `\n\nconst x: number = 1;\nthrow new TypeError('no such thing ' + x);`, 'no such thing 1', ':4:7).'],
    ['a string', `throw 'a string';`, 'a string', 'a.ts).'],
    ['a getter', `export default { get streams() { throw new Error('no streams'); } };`, 'no streams', ':1:40).'],
    ['a missing package', `import 'not-there'; export default {};`, `Cannot find package 'not-there'`, ').'],
  ])('reports what a definition throws, and where: %s', async (_, text, thrown, place) => {
    const file = join(folderWith({ 'a.ts': text }), 'a.ts');
    const error = await loadDefinition(file).catch((reason) => reason);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(`The definition ${file} throws: `);
    expect(error.message).toContain(thrown);
    expect(error.message).toContain(`(at ${file}`);
    expect(error.message.endsWith(place)).toBe(true);
    expect(error.message).not.toContain('.ready-hooks-');
    expect(error.cause).toBeDefined();
  });

  test.each([
    [
      'a value that contains itself',
      `const a = {}; a.a = a; export default { buckets: a };`,
      /nested more than 100 levels/,
    ],
    [
      'too much text',
      `export default {}; // ${'x'.repeat(5_000_000)}`,
      /has 50000\d\d characters, but may have at most/,
    ],
  ])('rejects %s', async (_, text, message) => {
    expect(await rejection(loadDefinition(join(folderWith({ 'a.js': text }), 'a.js')))).toMatch(message);
  });

  test.each([
    ['a folder', { 'a.json/b': '' }, /^FileError: Cannot read .*a\.json: it is a folder\. Use a file instead\.$/],
    [
      'text with a null character',
      { 'a.json': '{"functions":{"f":{"zip":"z","environment":{"AB":"\\u0000"}}}}' },
      /environment\.AB contains a null character: leave it out/,
    ],
    ['nested too deeply', { 'a.json': '['.repeat(300_000) }, /a\.json:1:102 .* expected at most 100 levels/],
    [
      'a toString of its own',
      { 'a.json': '{"functions":{"f":{"role":{"toString":1},"runtime":{"toString":1}}}}' },
      /role is an object, but must be/,
    ],
  ])('rejects JSON that is %s', async (_, files, message) => {
    expect(await rejection(loadDefinition(join(folderWith(files), 'a.json')))).toMatch(message);
  });

  test('shows paths as they are, where Node.js encodes them', async () => {
    const folder = folderWith({ 'ü/a.js': `throw new Error('cannot read ' + import.meta.url);` });
    expect(await rejection(loadDefinition(join(folder, 'ü/a.js')))).toContain(`: cannot read ${folder}/ü/a.js (at`);
  });

  test('locates an error in a helper', async () => {
    const folder = folderWith({
      'a.ts': `import './shared/b.ts'; export default {};`,
      'shared/b.ts': `type T = 1;\nthrow new Error('in b');`,
    });
    expect(await rejection(loadDefinition(join(folder, 'a.ts')))).toContain(
      `in b (at ${join(folder, 'shared/b.ts')}:2:7)`,
    );
  });

  test('shows a syntax error as esbuild does', async () => {
    const file = join(folderWith({ 'a.ts': `export default {\n  buckets: [}\n};` }), 'a.ts');
    const message = await rejection(loadDefinition(file));
    expect(message).toContain(`The definition ${file} does not compile:\n`);
    expect(message).toContain('a.ts:2:12:');
    expect(message).toContain('2 │   buckets: [}');
  });

  test('shows where JSON is malformed', async () => {
    const file = join(folderWith({ 'a.json': `{\n  "buckets": { "a" }\n}` }), 'a.json');
    expect(await rejection(loadDefinition(file))).toMatch(/InvalidInputError: .*a\.json.*2/);
  });

  test('lists the definitions in the folder of a missing one', async () => {
    const folder = folderWith({ '10-a.ts': EMPTY, '20-b.json': '{}' });
    expect(await rejection(loadDefinition(join(folder, '10-x.ts')))).toBe(
      `InvalidInputError: The definition ${join(folder, '10-x.ts')} does not exist. The same folder contains: ${join(folder, '10-a.ts')}, ${join(folder, '20-b.json')}.`,
    );
  });

  test.each(['-a.ts', 'a b.ts', 'ä.ts', '.a.ts', 'a$b.json'])('rejects the name %s', async (name) => {
    expect(await rejection(loadDefinition(join(folderWith({ [name]: EMPTY }), name)))).toContain(
      'cannot be used as a hook name',
    );
  });

  test('rejects other kinds of file', async () => {
    expect(await rejection(loadDefinition(join(folderWith({ 'a.yaml': '' }), 'a.yaml')))).toContain(
      'is not a definition',
    );
  });
});

describe('findDefinitions', () => {
  test('finds the definitions directly in the folder, in the order LocalStack runs their hooks', async () => {
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

  test('reports an empty or missing folder', async () => {
    expect(await rejection(findDefinitions(folderWith()))).toContain('contains no definition');
    expect(await rejection(findDefinitions('/not/there'))).toContain(
      'Cannot read the definitions folder /not/there (ENOENT)',
    );
  });

  test('where none is needed, only a missing folder counts as empty', async () => {
    const folder = folderWith({ 'a.json': '', file: '' });
    expect(await findAnyDefinitions(folder)).toEqual([join(folder, 'a.json')]);
    expect(await findAnyDefinitions('/not/there')).toEqual([]);
    expect(await rejection(findAnyDefinitions(join(folder, 'file')))).toMatch(/^FileError: Cannot read .*\(ENOTDIR\)/);
  });
});
