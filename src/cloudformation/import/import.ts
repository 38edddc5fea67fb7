import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkFileName } from '../../build/load/definitions.ts';
import { nameDefinition } from '../../build/load/load.ts';
import { inputError } from '../../runtime/definition/check.ts';
import { withoutUndefined } from '../../runtime/definition/strict-objects.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readSource, type Source } from './document.ts';
import { Draft, definitionText, type ImportOptions } from './draft.ts';
import { rejectCircles, rejectUnknownIntrinsics } from './references.ts';
import { addResources } from './resources.ts';
import { fromResourcesJson } from './resources-json.ts';
import { withoutServerless } from './sam.ts';
import { templateOf } from './template.ts';

export interface Imported {
  definition: object;
  /** Files that were written, the definition first. */
  files: string[];
  leftOut: string[];
  notes: string[];
}

/** Writes the definition of what a template makes. Nothing is written when anything is wrong. */
export async function importTemplate(file: string, options: ImportOptions): Promise<Imported> {
  const { out } = options;
  checkFileName(out);
  rejectExisting([out]);
  const { definition, draft } = importSource(await readSource(file), options);
  const made = [draft.buckets, draft.streams, draft.functions, draft.eventSourceMappings];
  if (made.every((some) => Object.keys(some).length === 0))
    throw new InvalidInputError(
      `${file} holds nothing that a definition can declare, so none is written; expected buckets, Kinesis streams, functions or their mappings${draft.leftOut.length > 0 ? `, but found: ${draft.leftOut.join('; ')}` : ''}.`,
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

function rejectExisting(paths: string[]): void {
  const there = paths.find((path) => existsSync(path));
  if (there)
    throw new InvalidInputError(`${there} is there already, and is not overwritten: give another --out, or remove it.`);
}

/** The definition of what a template makes; only the functions' code is looked for on the disk. */
export function importSource(source: Source, options: ImportOptions): { definition: object; draft: Draft } {
  const raw = templateOf(fromResourcesJson(source) ?? source);
  rejectUnknownIntrinsics(raw);
  rejectCircles(raw);
  const { template, leftOut } = withoutServerless(raw);
  const draft = new Draft();
  draft.leftOut.push(...leftOut);
  addResources(template, draft, options);
  const { region, account } = options;
  const { buckets, streams, functions, eventSourceMappings } = draft;
  const place = { region, account: account === '000000000000' ? undefined : account };
  const made = { buckets, streams, functions, eventSourceMappings };
  const definition = withoutUndefined({ ...place, ...made }) as object;
  check(definition, draft, source.file, options.out);
  return { definition, draft };
}

/** The definition's own check, with the resource and its line where a field is wrong. */
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
