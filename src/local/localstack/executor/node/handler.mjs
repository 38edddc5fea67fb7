import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.mjs';

/** 'dir/index.a.b' → directory, module and the property path in it. Throws as Lambda does. */
export function parseHandler(handler) {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handler);
  const dot = base.indexOf('.');
  if (dot < 0) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const directory = handler.slice(0, handler.length - base.length);
  return { directory, module: base.slice(0, dot), properties: base.slice(dot + 1).split('.') };
}

/** Whether the nearest package.json says that .js files are ES modules. */
function isModuleFolder(folder) {
  if (path.basename(folder) === 'node_modules') return false;
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))?.type === 'module';
    } catch {
      return false;
    }
  }
  const parent = path.dirname(folder);
  return parent !== folder && isModuleFolder(parent);
}

async function importModule(root, directory, module) {
  const require = createRequire(path.join(root, 'index.js'));
  const file = path.resolve(root, directory, module);
  const load = { require: (name) => require(name), import: (name) => import(pathToFileURL(name).href) };
  const js = isModuleFolder(path.dirname(file)) ? 'import' : 'require';
  for (const [extension, how] of [
    ['', 'require'],
    ['.js', js],
    ['.mjs', 'import'],
    ['.cjs', 'require'],
  ]) {
    if (existsSync(file + extension)) return load[how](file + extension);
  }
  return require(require.resolve(module, { paths: [root, path.join(root, directory)] }));
}

/** Loads the function's handler. Throws the errors that Lambda's own runtime does. */
export async function loadHandler(root, handler) {
  const { directory, module, properties } = parseHandler(handler);
  let exported;
  try {
    exported = await importModule(root, directory, module);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error));
    if (error?.code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error));
    throw error;
  }
  const found = properties.reduce((value, key) => value?.[key], exported);
  if (!found) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  return found;
}
