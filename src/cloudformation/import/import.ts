import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { checkFileName } from '../../build/load/definitions.ts';
import { nameDefinition } from '../../build/load/load.ts';
import { inputError } from '../../runtime/definition/check.ts';
import { withoutUndefined } from '../../runtime/definition/strict-objects.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { mkdir, writeFile } from '../../runtime/file-system.ts';
import { parseSource, readText, type Source } from './document.ts';
import { Draft, definitionText, type ImportOptions } from './draft.ts';
import { rejectCycles, rejectUnknownIntrinsics } from './references.ts';
import { addResources } from './resources.ts';
import { fromResourcesJson } from './resources-json.ts';
import { withoutServerless } from './sam.ts';
import { templateOf } from './template.ts';

export interface Imported {
  definition: object;
  /** The written files, the definition first. */
  files: string[];
  leftOut: string[];
  notes: string[];
}

/** Writes a definition of a template's resources. Writes nothing if anything is invalid. */
export async function importTemplate(file: string, options: ImportOptions, limitMs = 5_000): Promise<Imported> {
  const { out } = options;
  checkFileName(out);
  rejectExisting([out]);
  const text = await readText(file);
  const { definition, draft } = withinLimit(file, limitMs, () => importSource(parseSource(text, file), options));
  const kinds = [draft.buckets, draft.streams, draft.functions, draft.eventSourceMappings];
  if (kinds.every((some) => Object.keys(some).length === 0))
    throw new InvalidInputError(
      `${file} contains nothing that a definition can declare, so nothing was written: expected buckets, Kinesis streams, functions or event source mappings${draft.leftOut.length > 0 ? `, but found: ${draft.leftOut.join('; ')}` : ''}.`,
    );
  const files = new Map([[out, definitionText(definition, out)]]);
  for (const [path, text] of draft.files) files.set(join(dirname(out), path), text);
  rejectExisting([...files.keys()]);
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  }
  return { definition, files: [...files.keys()], leftOut: draft.leftOut, notes: draft.notes };
}

/** A template takes milliseconds, unless it is made to take hours. Only a script of node:vm can be interrupted. */
function withinLimit<T>(file: string, limitMs: number, work: () => T): T {
  try {
    return runInNewContext('work()', { work }, { timeout: limitMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new InvalidInputError(
        `${file} takes longer than ${limitMs / 1000} s to read: simplify it, or split it into several templates.`,
      );
    throw error;
  }
}

function rejectExisting(paths: string[]): void {
  const existing = paths.find((path) => existsSync(path));
  if (existing)
    throw new InvalidInputError(
      `${existing} already exists and is not overwritten: choose another --out, or delete it.`,
    );
}

/** The definition of a template's resources. Searches the disk only for the functions' code. */
export function importSource(source: Source, options: ImportOptions): { definition: object; draft: Draft } {
  const resourcesJson = fromResourcesJson(source);
  const raw = templateOf(resourcesJson?.source ?? source);
  rejectUnknownIntrinsics(raw);
  rejectCycles(raw);
  const { template, leftOut } = withoutServerless(raw);
  const draft = new Draft();
  draft.leftOut.push(...(resourcesJson?.leftOut ?? []), ...leftOut);
  addResources(template, draft, options);
  const { region, account } = options;
  const { buckets, streams, functions, eventSourceMappings } = draft;
  const place = { region, account: account === '000000000000' ? undefined : account };
  const resources = { buckets, streams, functions, eventSourceMappings };
  const definition = withoutUndefined({ ...place, ...resources }) as object;
  check(definition, draft, source.file, options.out);
  return { definition, draft };
}

/** Checks the definition, and adds the template's resource and line to each problem. */
function check(definition: object, { origins }: Draft, template: string, out: string): void {
  try {
    nameDefinition(definition, resolve(out));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const problems = error.problems.map(({ path, message }) => {
      const from = origins.get(path.slice(0, 2).join('.'));
      return { path, message: from ? `${message} (${from.id}, line ${from.line})` : message };
    });
    throw inputError(problems, template);
  }
}
