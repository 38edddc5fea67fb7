import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../../src/build/pack/functions.ts';
import { listZip, zipFiles } from '../../../src/runtime/contents/zip.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import { folderWith, rejection } from '../../support/folder.ts';

type Files = Record<string, string | Uint8Array>;

/** Packs one function of a definition in a folder with these files; code paths are relative to it. */
function pack(files: Files, declared: object, folder = folderWith(files)) {
  const [kind] = ['entry', 'directory', 'zip'].filter((key) => key in declared);
  const code = kind ? { [kind]: join(folder, (declared as Record<string, string>)[kind] ?? '') } : {};
  const pipeline = parsePipeline({ functions: { f: { ...declared, ...code } } }, 'test');
  return bundleFunctions({ name: '10-a', file: join(folder, '10-a.ts'), pipeline });
}

const HANDLER = 'export const handler = async () => "ok";';

/** The result of a bundle's handler, run in a separate process. */
async function run(bundled: Awaited<ReturnType<typeof pack>>, expression = 'm.handler()'): Promise<string> {
  const files = unzipSync(bundled.zips.get('f.zip') ?? Buffer.of());
  const [name = ''] = Object.keys(files);
  const folder = folderWith(files);
  const code = `const m = await import(${JSON.stringify(join(folder, name))}); process.stdout.write(String(await ${expression}));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
}

describe('an entry', () => {
  test.each([
    ['TypeScript', { 'f.ts': 'const x: string = "ok"; export const handler = async () => x;' }],
    ['.mts', { 'f.mts': HANDLER }],
    ['JavaScript', { 'f.js': HANDLER }],
    ['re-exported', { 'f.ts': `export * from './g.ts';`, 'g.ts': HANDLER }],
    ['CommonJS', { 'f.cjs': 'exports.handler = async () => require("node:path").basename("a/ok");' }],
    [
      'CommonJS compiled from an ES module',
      { 'f.js': 'Object.defineProperty(exports, "__esModule", { value: true }); exports.handler = () => "ok";' },
    ],
    ['CommonJS with a class', { 'f.cjs': 'class A { handler = async () => "ok"; } module.exports = new A();' }],
    [
      'CommonJS inside',
      {
        'f.ts': `import { x } from './g.cjs'; export const handler = () => x;`,
        'g.cjs': 'exports.x = require("node:fs").existsSync(__filename) && __dirname ? "ok" : "no";',
      },
    ],
    [
      'its own require and __dirname',
      {
        'f.ts': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = require('node:path').dirname('ok/x'); export const handler = () => __dirname;`,
      },
    ],
  ])('runs: %s', async (_, files: Files) => {
    const bundled = await pack(files, { entry: Object.keys(files)[0] });
    expect(await run(bundled)).toBe('ok');
    expect(bundled.warnings).toEqual([]);
    expect(bundled.pipeline.functions['f']).toMatchObject({
      zip: 'f.zip',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
    });
    expect(bundled.pipeline.functions['f']).not.toHaveProperty('entry');
  });

  test('is named after the handler setting', async () => {
    const bundled = await pack(
      { 'f.ts': 'export const api = { get: () => "ok" };' },
      { entry: 'f.ts', handler: 'src/main.api.get' },
    );
    expect((await listZip(bundled.zips.get('f.zip') ?? Buffer.of()))?.map(({ path }) => path)).toEqual([
      'src/main.mjs',
      'src/main.mjs.map',
    ]);
    expect(await run(bundled, 'm.api.get()')).toBe('ok');
  });

  test.each([
    [
      'the entry',
      { 'f.ts': `\n\n// x\nexport const handler = async () => {\n  throw new Error('x');\n};` },
      /at (Module\.)?handler \(f\.ts:5:9\)/,
    ],
    [
      'an import, after code of a package',
      {
        'f.ts': `import { x } from 'dep';\nimport { fail } from './lib/g.ts';\nexport const handler = async () => x(fail);`,
        'lib/g.ts': `type T = {\n  a: 1;\n};\nexport const fail = () => {\n  throw new Error('x');\n};`,
        'node_modules/dep/index.js': 'export const x = (call) => call();',
      },
      /at fail \(lib\/g\.ts:5:9\)\n {4}at x \(file:\/\/\/.*index\.mjs:\d+:\d+\)\n {4}at (Module\.)?handler \(f\.ts:3:36\)/,
    ],
    [
      'CommonJS',
      { 'f.cjs': `\nexports.handler = async () => {\n  throw new Error('x');\n};` },
      /at .*handler \(f\.cjs:3:9\)/,
    ],
  ])('has the positions of the source in stacks: %s', async (_, files: Files, stack) => {
    const bundled = await pack(files, { entry: Object.keys(files)[0] });
    expect(await run(bundled, 'm.handler().catch((error) => error.stack)')).toMatch(stack);
  });

  test('with a stack of its own format keeps it', async () => {
    const text = `Error.prepareStackTrace = () => 'own'; export const handler = async () => new Error('x').stack;`;
    expect(await run(await pack({ 'f.ts': text }, { entry: 'f.ts' }))).toBe('own');
  });

  test.each([
    ['another name', { 'f.ts': 'export const handle = 1; export default 2;' }, 'exports default, handle'],
    ['nothing', { 'f.ts': 'export {};' }, 'exports nothing'],
    ['a type', { 'f.ts': 'export type handler = string; export const a = 1;' }, 'exports a'],
    ['another name, in CommonJS', { 'f.cjs': 'exports.handle = () => {};' }, 'does not export it'],
    ['a number, in CommonJS', { 'f.cjs': 'exports.handler = 1;' }, 'exports a number under that name'],
  ])('is rejected when it exports %s', async (_, files: Files, found) => {
    const entry = Object.keys(files)[0] ?? '';
    const message = await rejection(pack(files, { entry }));
    expect(message).toContain('InvalidInputError: Function f (10-a.ts) has the handler index.handler, but ');
    expect(message).toContain(`${entry} ${found}: export a function with that name, or correct the handler setting.`);
  });

  test.each([
    ['throws', 'throw new Error("only in Lambda"); exports.handler = 1;', 'only in Lambda'],
    ['exits', 'exports.handler = () => {}; process.exit(3);', 'it exited with code 3'],
    [
      'checks its variables',
      'if (process.env.AA !== "1" || process.env.HOME || process.env.AWS_ENDPOINT_URL !== "http://127.0.0.1:9") throw new Error("variables"); throw new Error("as declared"); module.exports = 1',
      'as declared',
    ],
  ])('that is CommonJS and %s when loaded is accepted with a warning', async (_, text, reason) => {
    const { warnings } = await pack({ 'f.cjs': text }, { entry: 'f.cjs', environment: { AA: '1' } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`Function f (10-a.ts): could not check the handler`);
    expect(warnings[0]).toContain(reason);
  });

  test('is rejected when it is not a file, or a huge one', async () => {
    expect(await rejection(pack({ 'f.ts/a': '' }, { entry: 'f.ts' }))).toMatch(/f\.ts, which is not a file\.$/);
    const large = { 'f.ts': Buffer.alloc(50_000_001) };
    expect(await rejection(pack(large, { entry: 'f.ts' }))).toMatch(
      /which has 50000001 bytes; expected at most 50000000/,
    );
  });

  test('is rejected when it does not exist', async () => {
    expect(await rejection(pack({}, { entry: 'f.ts' }))).toMatch(
      /^InvalidInputError: Function f \(10-a\.ts\) has the entry .*f\.ts, which does not exist/,
    );
  });

  test.each([
    [
      'a syntax error',
      'export const handler = () => {\n  return [1, 2;\n};',
      ['f.ts:2:14:', '2 │   return [1, 2;', 'Expected "]" but found ";"'],
    ],
    [
      'an import that does not exist',
      `import './g.ts'; export const handler = 1;`,
      ['Could not resolve "./g.ts"', 'f.ts:1:7:'],
    ],
  ])('with %s shows esbuild’s location', async (_, text, parts) => {
    const message = await rejection(pack({ 'f.ts': text }, { entry: 'f.ts' }));
    expect(message).toContain('InvalidInputError: Function f (10-a.ts) does not compile:\n');
    for (const part of parts) expect(message).toContain(part);
  });

  test.each(['nodejs12.x', '\x24{RUNTIME}'])(
    'is rejected for the runtime %s, for which it cannot be bundled',
    async (runtime) => {
      expect(await rejection(pack({ 'f.ts': HANDLER }, { entry: 'f.ts', runtime }))).toContain(
        `its runtime is ${runtime}`,
      );
    },
  );
});

describe('a directory', () => {
  test('is zipped whole, with links followed and exec bits kept', async () => {
    const folder = folderWith({ 'd/index.js': '1', 'd/.hidden': '2', 'd/lib/run.sh': '3', 'other/x.txt': '4' });
    chmodSync(join(folder, 'd/lib/run.sh'), 0o755);
    symlinkSync(join(folder, 'other'), join(folder, 'd/linked'));
    const zip = (await pack({}, { directory: 'd' }, folder)).zips.get('f.zip') ?? Buffer.of();
    expect(Object.keys(unzipSync(zip)).sort()).toEqual(['.hidden', 'index.js', 'lib/run.sh', 'linked/x.txt']);
    expect([...modes(zip)].sort()).toEqual([
      ['.hidden', '100644'],
      ['index.js', '100644'],
      ['lib/run.sh', '100755'],
      ['linked/x.txt', '100644'],
    ]);
  });

  test.each([['index.js'], ['index.mjs'], ['index.cjs']])('can have its handler in %s', async (file) => {
    expect((await pack({ [`d/${file}`]: '' }, { directory: 'd' })).zips.size).toBe(1);
  });

  test('without a handler file is rejected', async () => {
    const message = await rejection(pack({ 'd/dist/index.js': '' }, { directory: 'd' }));
    expect(message).toContain(
      'where the handler index.handler needs index.js or index.mjs or index.cjs, but it contains dist/index.js',
    );
    expect(
      await rejection(pack({ 'd/dist/index.js': '' }, { directory: 'd', handler: 'dist/index.handler' })),
    ).toContain('it was not rejected');
  });

  test.each<[string, string, string]>([
    ['main.py', 'main.handler', 'it was not rejected'],
    ['api/main.py', 'api/main.handler', 'it was not rejected'],
    ['api/main.py', 'api.main.handler', 'it was not rejected'],
    ['api/__init__.py', 'api.handler', 'it was not rejected'],
    ['main.cpython-313-x86_64-linux-gnu.so', 'main.handler', 'it was not rejected'],
    ['main.py', 'index.handler', 'index.handler needs index.py or index/__init__.py, but it contains main.py'],
    ['main.py', 'api/main.handler', 'api/main.handler needs api/main.py or api/main/__init__.py'],
  ])('for Python, with %s and the handler %s: %s', async (file, handler, message) => {
    const declared = { directory: 'd', runtime: 'python3.13', handler } as const;
    expect(await rejection(pack({ [`d/${file}`]: '' }, declared))).toContain(message);
    const inLayer = { ...declared, layers: ['arn:aws:lambda:us-east-1:000000000000:layer:any:1'] };
    expect(await rejection(pack({ [`d/${file}`]: '' }, inLayer))).toContain('it was not rejected');
  });

  test("is zipped without Python's byte code", async () => {
    const files = { 'd/index.py': '1', 'd/__pycache__/index.cpython-313.pyc': '2', 'd/lib/__pycache__/a.pyc': '3' };
    const zip = (await pack(files, { directory: 'd', runtime: 'python3.13' })).zips.get('f.zip') ?? Buffer.of();
    expect(Object.keys(unzipSync(zip))).toEqual(['index.py']);
  });

  test.each([
    ['missing', {}, 'd, which is missing'],
    ['a file', { d: '' }, 'd, which is not a directory'],
  ])('that is %s is rejected', async (_, files: Files, message) => {
    expect(await rejection(pack(files, { directory: 'd' }))).toContain(message);
  });

  test('with a link to itself or a dead link is rejected', async () => {
    const folder = folderWith({ 'd/index.js': '', 'e/index.js': '' });
    symlinkSync(join(folder, 'd'), join(folder, 'd/self'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'e/dead'));
    expect(await rejection(pack({}, { directory: 'd' }, folder))).toContain(
      'is a link to one of its own parent folders',
    );
    expect(await rejection(pack({}, { directory: 'e' }, folder))).toContain('is it a broken link?');
  });
});

describe('a zip', async () => {
  const file = (path: string, bytes: Uint8Array = Buffer.from('x')) => ({ path, bytes });

  test('is used as it is', async () => {
    const zip = await zipFiles([file('index.mjs')]);
    expect((await pack({ 'a.zip': zip }, { zip: 'a.zip' })).zips.get('f.zip')).toEqual(Buffer.from(zip));
  });

  test.each([
    ['missing', {}, 'a.zip, which is missing'],
    ['not a zip', { 'a.zip': 'PK no' }, 'a.zip, which is not a zip file'],
    ['without the handler file', { 'a.zip': await zipFiles([file('main.js')]) }, 'but it contains main.js'],
    ['empty', { 'a.zip': await zipFiles([]) }, 'but it is empty'],
    [
      'too large unzipped',
      { 'a.zip': await zipFiles([file('index.js', new Uint8Array(251 * 1024 * 1024))]) },
      'which is 251 MB unzipped: Lambda accepts at most 250 MB',
    ],
  ])('that is %s is rejected', async (_, files: Files, message) => {
    expect(await rejection(pack(files, { zip: 'a.zip' }))).toContain(message);
  });

  test('over 50 MB is rejected', async () => {
    const folder = folderWith();
    const uncompressed = zipSync({ 'index.js': new Uint8Array(51 * 1024 * 1024) }, { level: 0 });
    writeFileSync(join(folder, 'a.zip'), uncompressed);
    expect(await rejection(pack({}, { zip: 'a.zip' }, folder))).toMatch(
      /is 52 MB zipped: Lambda accepts at most 50 MB/,
    );
  });
});

test('gives the same bytes in any folder, time zone and file order', async () => {
  const script = join(import.meta.dirname, 'pack-child.ts');
  const files = {
    'f.ts': `import { x } from './lib/g.ts'; export const handler = () => x;`,
    'lib/g.ts': 'export const x = 1;',
    'd/b.js': 'b',
    'd/index.js': 'a',
  };
  const packed = ['UTC', 'Pacific/Apia', 'America/St_Johns'].map((TZ) => {
    const folder = folderWith(files);
    return promisify(execFile)(process.execPath, ['--import', import.meta.resolve('tsx'), script, folder], {
      cwd: TZ === 'UTC' ? '/' : folder,
      env: { PATH: process.env['PATH'], TZ },
    });
  });
  const digests = (await Promise.all(packed)).map(({ stdout }) => stdout);
  expect(digests[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64} [0-9a-f]{64}\n$/);
  expect(new Set(digests).size).toBe(1);
});

test('gives zips names that differ on a case-insensitive file system', async () => {
  const folder = folderWith({ 'd/index.js': '' });
  const declared = { directory: join(folder, 'd') };
  const pipeline = parsePipeline({ functions: { Fn: declared, fn: declared } }, 'test');
  const { zips } = await bundleFunctions({ name: 'a', file: join(folder, 'a.ts'), pipeline });
  expect([...zips.keys()]).toEqual(['Fn.zip', 'fn-2.zip']);
});

/** File names and octal modes, from the central directory of a zip. */
function* modes(zip: Uint8Array): Generator<[string, string]> {
  const view = Buffer.from(zip);
  for (let at = view.indexOf('PK\x01\x02'); at >= 0; at = view.indexOf('PK\x01\x02', at + 4)) {
    const name = view.subarray(at + 46, at + 46 + view.readUInt16LE(at + 28)).toString();
    yield [name, (view.readUInt32LE(at + 38) >>> 16).toString(8)];
  }
}
