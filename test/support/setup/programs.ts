import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';

const REPO = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAMS = ['src/cli/main.ts', ...['start', 'stop', 'soak', 'compat'].map((name) => `scripts/${name}.ts`)];

/** Bundles the programs that tests run as processes: one starts in a fifth of the CPU time that it needs with tsx. */
export default async function setup() {
  // vitest calls this for each project, and the workers inherit the environment.
  if (process.env['READY_HOOKS_TEST_PROGRAMS']) return;
  const cache = join(REPO, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(join(cache, 'ready-hooks-test-'));
  await build({
    absWorkingDir: REPO,
    entryPoints: PROGRAMS,
    outdir,
    outbase: REPO,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['esbuild'],
    conditions: ['ready-hooks-source'],
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
    plugins: [inPlace],
    logLevel: 'warning',
  });
  process.env['READY_HOOKS_TEST_PROGRAMS'] = outdir;
  return () => rm(outdir, { recursive: true, force: true });
}

/** Each bundled source still finds the files beside it. */
const inPlace: Plugin = {
  name: 'in-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'ts',
        sourcefile: path,
        define: {
          'import.meta.url': JSON.stringify(pathToFileURL(path).href),
          'import.meta.filename': JSON.stringify(path),
          'import.meta.dirname': JSON.stringify(dirname(path)),
        },
      });
      return { contents: code };
    });
  },
};
