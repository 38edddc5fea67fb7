import { basename } from 'node:path';
import pLimit from 'p-limit';
import { zipFiles } from '../../runtime/contents/zip.ts';
import type { DeclaredFunction, DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { fileName } from './file-name.ts';
import { bundleEntry, type Remarks } from './function-entry.ts';
import { checkZipped, packDirectory, readZip } from './function-files.ts';
import { handlerFiles, nodeMajor, parseHandler } from './handler.ts';

export interface PackedFunction extends Remarks {
  zip: Uint8Array;
}

// esbuild already uses all cores; more at once would only need more memory.
const limit = pLimit(4);

/** Packs a pipeline's functions. Returns the pipeline with zips as code, and the zips by file name; the same files give the same bytes. */
export async function bundleFunctions(declared: DeclaredPipeline) {
  const packed = await packFunctions(declared);
  const functions = { ...declared.pipeline.functions };
  const zips = new Map<string, Uint8Array>();
  for (const [name, { zip }] of packed) {
    const { entry: _entry, directory: _directory, ...rest } = functions[name] as DeclaredFunction;
    const file = fileName(name, '.zip', zips);
    zips.set(file, zip);
    functions[name] = { ...rest, zip: file };
  }
  const all = [...packed.values()];
  return {
    pipeline: { ...declared.pipeline, functions },
    zips,
    warnings: all.flatMap(({ warnings }) => warnings),
    notes: all.flatMap(({ notes }) => notes),
  };
}

/** Packs the code of a pipeline's functions; returns it by function name. */
export async function packFunctions({ pipeline, file }: DeclaredPipeline): Promise<Map<string, PackedFunction>> {
  const verified = new Set(pipeline.eventSourceMappings.filter((m) => m.verifyDelivery).map((m) => m.function));
  const packed = Object.entries(pipeline.functions).map(async ([name, declared]) => {
    if (declared.existing) return [];
    const what = `Function ${name} (${basename(file)})`;
    return [[name, await limit(packFunction, declared, what, verified.has(name))] as const];
  });
  return new Map((await Promise.all(packed)).flat());
}

async function packFunction(declared: DeclaredFunction, what: string, answersProbes: boolean): Promise<PackedFunction> {
  const packed = await packCode(declared, what, answersProbes);
  checkZipped(packed.zip.byteLength, what);
  return packed;
}

async function packCode(declared: DeclaredFunction, what: string, answersProbes: boolean): Promise<PackedFunction> {
  const major = nodeMajor(declared.runtime);
  const handler = parseHandler(declared.handler);
  if (major !== undefined && !handler)
    throw new InvalidInputError(
      `${what} has the handler ${declared.handler}: ${declared.runtime} expects "file.export", such as index.handler.`,
    );
  const { entry, directory, zip } = declared;
  if (entry !== undefined) {
    if (major === undefined || major < 14 || !handler)
      throw new InvalidInputError(
        `${what} has an entry, which is bundled into an ES module for Node.js, but its runtime is ${declared.runtime}: use directory or zip instead, or the runtime nodejs14.x or newer.`,
      );
    const isWrapped = answersProbes || declared.verifyStart === true;
    const { bytes, map, warnings, notes } = await bundleEntry({ entry, declared, handler, major, what, isWrapped });
    const path = `${handler.module}.mjs`;
    const files = [
      { path, bytes },
      { path: `${path}.map`, bytes: Buffer.from(map) },
    ];
    return { zip: await zipFiles(files), warnings, notes };
  }
  if (answersProbes) {
    const replace = `replace its ${directory === undefined ? 'zip' : 'directory'} with an entry, or `;
    throw new InvalidInputError(
      `${what} must answer delivery probes (verifyDelivery), which only a function with an entry can do: ${major === undefined ? '' : replace}remove verifyDelivery.`,
    );
  }
  const where = handlerFiles(declared);
  if (directory !== undefined) return { zip: await packDirectory(directory, where, what), warnings: [], notes: [] };
  if (zip !== undefined) return { zip: await readZip(zip, where, what), warnings: [], notes: [] };
  throw new InvalidInputError(`${what} has no code: set entry, directory or zip.`);
}
