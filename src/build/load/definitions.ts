import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readdir, statSync, whenMissing } from '../../runtime/file-system.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.json'];
const NOT_DEFINITIONS =
  /^\.|\.d\.m?ts$|\.(test|spec)\.[^.]+$|\.schema\.json$|^(package|package-lock|tsconfig[^/]*|biome)\.json$|^ready-hooks\.mjs$/;

/**
 * Finds the definitions in a folder: every .ts, .mts, .js, .mjs and .json file directly in it, in the order their hooks run. Code
 * that definitions share belongs in a subfolder. Skips hidden files, type declarations, tests and tool configuration. Throws
 * InvalidInputError if there is none.
 */
export async function findDefinitions(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    throw new InvalidInputError(
      `Cannot read the definitions folder ${folder} (${error.code}): create it with npx ready-hooks init, or pass the path of a definition.`,
      { cause: error },
    );
  });
  const found = definitionsAmong(names, folder);
  if (found.length === 0)
    throw new InvalidInputError(`${folder} contains no definition: add one, such as ${join(folder, '10-orders.ts')}.`);
  return found;
}

/** The definitions in a folder as findDefinitions finds them; none if there is no such folder. */
export async function findAnyDefinitions(folder: string): Promise<string[]> {
  return definitionsAmong(await readdir(folder).catch(whenMissing([])), folder);
}

function definitionsAmong(names: readonly string[], folder: string): string[] {
  return names
    .filter((name) => EXTENSIONS.includes(extname(name)) && !NOT_DEFINITIONS.test(name))
    .map((name) => join(folder, name))
    .sort((a, b) => inHookOrder(hookName(a), hookName(b)));
}

/** The files that a user means by the path of a file, of a folder, or by the name of a hook, whose definition is in `folder`. */
export async function definitionsMeant(name: string, folder: string): Promise<string[]> {
  const stats = statSync(name, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return findDefinitions(name);
  if (stats || basename(name) !== name || EXTENSIONS.includes(extname(name))) return [name];
  const all = await findAnyDefinitions(folder);
  const found = all.filter((file) => hookName(file) === name);
  if (found.length > 0) return found;
  throw new InvalidInputError(
    withFullStop(
      `There is no definition ${name}, neither as a file nor in ${folder}/${suggest(name, all.map(hookName), `${folder}/ has`)}`,
    ),
  );
}

/** The hook's name: the definition's file name without its extension, or the folder's name for the pipeline.json of a built hook. */
export function hookName(file: string): string {
  const folder = dirname(resolve(file));
  if (basename(file) === 'pipeline.json' && existsSync(`${folder}.sh`)) return basename(folder);
  return basename(file, extname(file));
}

/** LocalStack sorts scripts by file name, so 10-a-b.sh runs before 10-a.sh. */
export function inHookOrder(a: string, b: string): number {
  return `${a}.sh` < `${b}.sh` ? -1 : 1;
}

/** Rejects a file name that a definition cannot have. */
export function checkFileName(file: string): void {
  if (!EXTENSIONS.includes(extname(file)))
    throw new InvalidInputError(
      `${file} is not a definition: expected a file name ending in ${EXTENSIONS.join(', ')}.`,
    );
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(hookName(file)))
    throw new InvalidInputError(
      `${file} cannot be used as a hook name: use letters, digits, ".", "_" and "-", starting with a letter or digit, such as 10-orders${extname(file)}.`,
    );
}

/** The error for a missing definition; it lists the definitions in the same folder. */
export async function missingDefinition(file: string, cause: unknown): Promise<InvalidInputError> {
  const others = await findDefinitions(join(file, '..')).catch(() => []);
  const instead = others.length > 0 ? ` The same folder contains: ${others.join(', ')}.` : '';
  return new InvalidInputError(`The definition ${file} does not exist.${instead}`, { cause });
}
