import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { readFile } from '../../runtime/file-system.ts';
import { leanSchemas, noCredentialChain, noHttp2, versionsOnly } from './aws-sdk-size.ts';
import { RUNTIME_FILE } from './launcher.ts';

/** The runtime: one file that node runs in the container, shared by all hooks. */
export interface RuntimeBundle {
  bytes: Uint8Array;
  /** esbuild's description of its contents. */
  metafile: Metafile;
}

/** In bytes, enforced by a test. Nearly all of the runtime is the SDK. */
export const RUNTIME_LIMIT = 485_000;

/** An installed package includes the runtime that it was tested with; a clone bundles it from source. */
export async function readRuntime(): Promise<Uint8Array> {
  const packed = fileURLToPath(new URL(`../../ready.d/${RUNTIME_FILE}`, import.meta.url));
  return existsSync(packed) ? readFile(packed) : (await runtimeBundle()).bytes;
}

let bundled: Promise<RuntimeBundle> | undefined;

/** The runtime from source, bundled once in a process. */
export function runtimeBundle(): Promise<RuntimeBundle> {
  bundled ??= bundleRuntime();
  return bundled;
}

/** Node.js 14 and 16 can parse a bundle without the first two, so check-node.ts can say that they are too old. `import()` becomes `require`. */
const UNSUPPORTED = { 'logical-assignment': false, 'class-static-blocks': false, 'dynamic-import': false };

/**
 * Bundles the runtime. It needs only Node.js ≥18: `target` limits the syntax to that of 18, and nothing is external.
 * CommonJS starts 3 ms sooner than an ES module, and loads nothing that only an older Node.js lacks before check-node.ts has run.
 * Since Node.js 22, importing node:http as an ES module also loads all of fetch, which takes 8 ms: `import` reads every export.
 * `module` comes before `main`, because the SDK's own CommonJS cannot be tree-shaken.
 */
export async function bundleRuntime(
  entry = fileURLToPath(new URL('../../runtime/hook.ts', import.meta.url)),
): Promise<RuntimeBundle> {
  const absWorkingDir = dirname(entry);
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir,
    bundle: true,
    write: false,
    outfile: RUNTIME_FILE,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    supported: UNSUPPORTED,
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [leanSchemas, noCredentialChain, noHttp2, versionsOnly],
  });
  const notice = `// The runtime of localstack-ready-hooks. Includes ${(await packagesIn(metafile, absWorkingDir)).join(', ')}.\n`;
  return { bytes: Buffer.concat([Buffer.from(notice), outputFiles[0]?.contents ?? Buffer.of()]), metafile };
}

/** The packages in the bundle, as "name version (licence)", sorted. */
async function packagesIn(metafile: Metafile, root: string): Promise<string[]> {
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = used.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const described = [...new Set(folders)].map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(resolve(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})`;
  });
  return [...new Set(await Promise.all(described))].sort();
}
