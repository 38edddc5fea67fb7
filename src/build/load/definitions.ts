import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InvalidInputError } from '../../runtime/errors.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.json'];
const NOT_DEFINITIONS = /^\.|\.d\.m?ts$|\.(test|spec)\.[^.]+$|^(package|package-lock|tsconfig[^/]*|biome)\.json$/;

/**
 * The definitions of a folder: every .ts, .mts, .js, .mjs and .json file directly in it, in the order in which their hooks run. What
 * definitions share belongs in a folder below. Hidden files, declarations, tests and tools' settings are passed over.
 */
export async function findDefinitions(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    throw new InvalidInputError(
      `There is no folder ${folder} to take definitions from (${error.code}): make one with ready-hooks init, or name a definition.`,
      { cause: error },
    );
  });
  const found = names.filter((name) => EXTENSIONS.includes(extname(name)) && !NOT_DEFINITIONS.test(name));
  if (found.length === 0)
    throw new InvalidInputError(`${folder} holds no definition: add one, such as ${join(folder, '10-orders.ts')}.`);
  return found.map((name) => join(folder, name)).sort((a, b) => inHookOrder(hookName(a), hookName(b)));
}

/** The hook's name: the definition's file name without extension, and of the pipeline.json of a hook in ready.d, that of its folder. */
export function hookName(file: string): string {
  const folder = dirname(resolve(file));
  if (basename(file) === 'pipeline.json' && existsSync(`${folder}.sh`)) return basename(folder);
  return basename(file, extname(file));
}

/** LocalStack's order: a plain sort of the scripts' file names, in which 10-a-b.sh runs before 10-a.sh. */
export function inHookOrder(a: string, b: string): number {
  return `${a}.sh` < `${b}.sh` ? -1 : 1;
}

/** Rejects a file that cannot be a definition, by its name alone. */
export function checkFileName(file: string): void {
  if (!EXTENSIONS.includes(extname(file)))
    throw new InvalidInputError(`${file} is not a definition: expected a file that ends in ${EXTENSIONS.join(', ')}.`);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(hookName(file)))
    throw new InvalidInputError(
      `${file} cannot name a hook: expected letters, digits, ".", "_" and "-", with a letter or digit first, such as 10-orders${extname(file)}.`,
    );
}

/** Lists the definitions that exist beside a missing one. */
export async function missingDefinition(file: string, cause: unknown): Promise<InvalidInputError> {
  const there = await findDefinitions(join(file, '..')).catch(() => []);
  const instead = there.length > 0 ? ` There are: ${there.join(', ')}.` : '';
  return new InvalidInputError(`The definition ${file} is not there.${instead}`, { cause });
}
