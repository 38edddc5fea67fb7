import { builtinModules } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeOutKeys } from '../../../src/build/ready-d/aws-sdk-size.ts';
import { bundleRuntime, RUNTIME_LIMIT, type RuntimeBundle } from '../../../src/build/ready-d/runtime.ts';

describe('the runtime', () => {
  let runtime: RuntimeBundle;
  beforeAll(async () => {
    runtime = await bundleRuntime();
  });

  it(`is at most ${RUNTIME_LIMIT / 1000} KB`, () => {
    expect(runtime.bytes.byteLength).toBeLessThanOrEqual(RUNTIME_LIMIT);
  });

  it('needs nothing but node', () => {
    const imports = Object.values(runtime.metafile.outputs).flatMap((output) => output.imports);
    const packages = imports
      .map(({ path }) => path.replace(/^node:/, ''))
      .filter((path) => !builtinModules.includes(path));
    expect(packages).toEqual([]);
  });

  it('does not load HTTP/2 of Node, which it never speaks', () => {
    const imports = Object.values(runtime.metafile.outputs).flatMap((output) => output.imports);
    expect(imports.map(({ path }) => path)).not.toContain('node:http2');
  });

  it('holds neither the credential chain, nor what is for the host', () => {
    const used = Object.values(runtime.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(
      used.filter(
        (file) =>
          /credential-provider-|esbuild|commander|bundle\/|local\//.test(file) &&
          !file.startsWith('no-credential-chain'),
      ),
    ).toEqual([]);
  });

  it('names what is in it, with licences, and no path of this machine', () => {
    const text = Buffer.from(runtime.bytes).toString();
    expect(text.split('\n')[0]).toMatch(
      /^\/\/ The runtime of localstack-ready-hooks\. Holds .*@aws-sdk\/client-s3 [\d.]+ \(Apache-2\.0\)/,
    );
    expect(text).not.toContain(process.cwd());
  });
});

describe('writeOutKeys', () => {
  it.each([
    [
      'keys that are constants of the file',
      'const _a = "x-y";\nf({ [_a]: 1, [_a]: _a });',
      'const _a = "x-y";\nf({ "x-y": 1, "x-y": _a });',
    ],
    ['nothing it does not know', 'f({ [_b]: 1 }, a[_b], [_b]);', 'f({ [_b]: 1 }, a[_b], [_b]);'],
    [
      'no __proto__, which means something else there',
      'const _p = "__proto__";\nf({ [_p]: 1 });',
      'const _p = "__proto__";\nf({ [_p]: 1 });',
    ],
  ])('writes out %s', (_, text, expected) => {
    expect(writeOutKeys(text)).toBe(expected);
  });
});
