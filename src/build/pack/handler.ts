import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DeclaredFunction } from '../../runtime/definition/pipeline.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { mkdtemp, rm, writeFile } from '../../runtime/file-system.ts';

/** `src/index.handler` as Lambda reads it: the module is everything up to the first dot after the last slash. */
export interface Handler {
  module: string;
  /** A path from the export on: `api.get` is `get` in the export `api`. */
  exported: string;
}

/** Returns undefined for a handler that Node.js runtimes cannot use. */
export function parseHandler(handler: string): Handler | undefined {
  const [, module, exported] = /^((?:.*\/)?[^./]+)\.([^/]+)$/.exec(handler) ?? [];
  return module && exported ? { module, exported } : undefined;
}

/** Where a runtime finds its handler. */
export interface HandlerFiles {
  /** The handler setting. */
  handler: string;
  /** The usual files. */
  expected: string[];
  accepts(path: string): boolean;
}

/** Where a function's code must have its handler; undefined for runtimes with other rules, and for one that may be in a layer. */
export function handlerFiles({ runtime, handler, layers }: DeclaredFunction): HandlerFiles | undefined {
  const node = nodeMajor(runtime) === undefined ? undefined : parseHandler(handler);
  if (node) {
    const expected = ['.js', '.mjs', '.cjs'].map((extension) => node.module + extension);
    return { handler, expected, accepts: (path) => expected.includes(path) };
  }
  const [, python] = (runtime.startsWith('python') && layers.length === 0 && /^(.+)\.[^.]+$/.exec(handler)) || [];
  if (python === undefined) return undefined;
  const module = python.replaceAll('.', '/');
  const expected = [`${module}.py`, `${module}/__init__.py`];
  // A compiled module has other extensions.
  return { handler, expected, accepts: (path) => expected.includes(path) || path.startsWith(`${module}.`) };
}

/** The major version of a Node.js runtime; undefined for other runtimes. */
export function nodeMajor(runtime: string): number | undefined {
  const [, major] = /^nodejs(\d+)\.x$/.exec(runtime) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** The handler's type, or why its code does not load. */
type HandlerSeen = string | { error: string };

const LOAD_LIMIT_MS = 10_000;

/**
 * Loads a bundle in a separate process to check its handler. This runs the code's top level, so the process gets only the
 * variables that the function declares and a dead AWS endpoint. Code that fails to load here may still load in Lambda.
 */
export async function loadHandler(
  bundle: Uint8Array,
  { exported }: Handler,
  declared: DeclaredFunction,
): Promise<HandlerSeen> {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-')).catch((error) => {
    throw new ExpectedError(`${error.message} Or set TMPDIR to a folder that you can write to.`, { cause: error });
  });
  try {
    const file = join(folder, 'index.mjs');
    await writeFile(file, bundle);
    const script = `import(${JSON.stringify(pathToFileURL(file).href)}).then((m) => {
      const found = ${JSON.stringify(exported)}.split('.').reduce((value, part) => value?.[part], m);
      process.send(typeof found, () => process.exit());
    }, (error) => process.send({ error: String(error?.message ?? error) }, () => process.exit()));`;
    const environment = { ...declared.environment, ...declared.buckets };
    return await answerOf(['--input-type=module', '-e', script], environment);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function answerOf(args: string[], environment: Record<string, string>): Promise<HandlerSeen> {
  const { PATH, SystemRoot, TMPDIR } = process.env;
  const aws = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  };
  const child = spawn(process.execPath, args, {
    env: { PATH, SystemRoot, TMPDIR, ...environment, ...aws },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: LOAD_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as HandlerSeen));
    child.once('error', (error) => resolve({ error: error.message }));
    child.once('close', (code, signal) =>
      resolve({ error: signal ? `it did not finish within ${LOAD_LIMIT_MS / 1000} s` : `it exited with code ${code}` }),
    );
  });
}
