import { dirname, join } from 'node:path';
import { checkTogether } from '../../build/load/check-together.ts';
import { loadDefinition } from '../../build/load/load.ts';
import { bundleFunctions } from '../../build/pack/functions.ts';
import type { DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { mkdir, readFile, writeFile } from '../../runtime/file-system.ts';
import { deployCommands } from './commands.ts';
import { notesOf } from './notes.ts';
import { settle } from './settle.ts';
import { type Format, templateOf, templateText } from './template.ts';

export interface ExportOptions {
  definitions: readonly string[];
  /** The folder for templates and zips; created if missing. */
  outDir: string;
  format: Format;
  /** Whether to overwrite existing files that differ. */
  force?: boolean;
  /** The values of placeholders that cannot be parameters. */
  env: Record<string, string | undefined>;
}

export interface Exported {
  /** The template's path. */
  template: string;
  notes: string[];
  /** Shell commands that deploy it, to run from the current folder. */
  commands: string[];
}

/** Writes each definition as a template, with its functions' zips in a folder beside it. Writes nothing if a definition is invalid. */
export async function exportCloudFormation(options: ExportOptions): Promise<Exported[]> {
  const { definitions, outDir, format, force = false, env } = options;
  const loaded = await Promise.all(definitions.map((file) => loadDefinition(file)));
  checkTogether(loaded);
  const files = new Map<string, Uint8Array>();
  const exported: Exported[] = [];
  for (const declared of loaded) {
    const { pipeline, zips, warnings } = await bundled(declared, env);
    const codes = new Map(
      Object.entries(pipeline.functions).map(([name, fn]) => [name, fn.existing ? '' : `${declared.name}/${fn.zip}`]),
    );
    const template = templateOf(declared.name, pipeline, codes);
    const path = join(outDir, `${declared.name}.${format}`);
    files.set(path, Buffer.from(templateText(template, format)));
    for (const [zip, bytes] of zips) files.set(join(outDir, declared.name, zip), bytes);
    exported.push({
      template: path,
      notes: [...notesOf(declared.pipeline), ...warnings],
      commands: deployCommands(declared.name, pipeline, template, path),
    });
  }
  await write(files, force);
  return exported;
}

/** Bundles the functions without the code that answers the hook's checks. */
async function bundled(declared: DeclaredPipeline, env: ExportOptions['env']) {
  const settled = settle(declared, env);
  const eventSourceMappings = settled.eventSourceMappings.map((mapping) => ({ ...mapping, verifyDelivery: false }));
  const functions = Object.fromEntries(
    Object.entries(settled.functions).map(([name, fn]) => [name, fn.existing ? fn : { ...fn, verifyStart: false }]),
  );
  return bundleFunctions({ ...declared, pipeline: { ...settled, functions, eventSourceMappings } });
}

async function write(files: ReadonlyMap<string, Uint8Array>, force: boolean): Promise<void> {
  for (const [path, bytes] of files) {
    const current = await readFile(path).catch(() => undefined);
    if (current && !current.equals(bytes) && !force)
      throw new InvalidInputError(
        `${path} already exists with different content: add --force to overwrite it, or choose another --out.`,
      );
  }
  for (const [path, bytes] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
