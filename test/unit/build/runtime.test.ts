import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeOutKeys } from '../../../src/build/ready-d/aws-sdk-size.ts';
import { RUNTIME_LIMIT, type RuntimeBundle, runtimeBundle } from '../../../src/build/ready-d/runtime.ts';

describe('the runtime', () => {
  let runtime: RuntimeBundle;
  beforeAll(async () => {
    runtime = await runtimeBundle();
  });

  test(`is at most ${RUNTIME_LIMIT / 1000} KB`, () => {
    expect(runtime.bytes.byteLength).toBeLessThanOrEqual(RUNTIME_LIMIT);
  });

  test.each(['CONTRIBUTING.md', 'docs/how-it-works.md', 'templates/README.md'])('%s names this limit', (page) => {
    const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
    expect(text).toContain(`${RUNTIME_LIMIT / 1000} KB`);
  });

  test('needs only Node.js', () => {
    const imports = Object.values(runtime.metafile.outputs).flatMap((output) => output.imports);
    const packages = imports
      .map(({ path }) => path.replace(/^node:/, ''))
      .filter((path) => !builtinModules.includes(path));
    expect(packages).toEqual([]);
  });

  test('does not load Node’s HTTP/2, which it never uses', () => {
    const imports = Object.values(runtime.metafile.outputs).flatMap((output) => output.imports);
    expect(imports.map(({ path }) => path)).not.toContain('node:http2');
  });

  test('contains neither the credential chain nor code for the host', () => {
    const used = Object.values(runtime.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(
      used.filter(
        (file) =>
          /credential-provider-|esbuild|commander|bundle\/|local\//.test(file) &&
          !file.startsWith('no-credential-chain'),
      ),
    ).toEqual([]);
  });

  test('lists its packages with licences, and contains no local path', () => {
    const text = Buffer.from(runtime.bytes).toString();
    expect(text.split('\n')[0]).toMatch(
      /^\/\/ The runtime of localstack-ready-hooks\. Includes .*@aws-sdk\/client-s3 [\d.]+ \(Apache-2\.0\)/,
    );
    expect(text).not.toContain(process.cwd());
  });
});

describe('writeOutKeys', () => {
  test.each([
    [
      'keys that are constants of the file',
      'const _a = "x-y";\nf({ [_a]: 1, [_a]: _a });',
      'const _a = "x-y";\nf({ "x-y": 1, "x-y": _a });',
    ],
    ['only keys that it knows', 'f({ [_b]: 1 }, a[_b], [_b]);', 'f({ [_b]: 1 }, a[_b], [_b]);'],
    [
      'no __proto__, which has another meaning as a literal key',
      'const _p = "__proto__";\nf({ [_p]: 1 });',
      'const _p = "__proto__";\nf({ [_p]: 1 });',
    ],
  ])('writes out %s', (_, text, expected) => {
    expect(writeOutKeys(text)).toBe(expected);
  });
});
