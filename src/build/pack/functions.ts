import { basename } from 'node:path';
import pLimit from 'p-limit';
import { zipFiles } from '../../runtime/contents/zip.ts';
import type { DeclaredFunction, NamedPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { fileName } from './file-name.ts';
import { bundleEntry } from './function-entry.ts';
import { checkZipped, packDirectory, readZip } from './function-files.ts';
import { nodeMajor, parseHandler } from './handler.ts';

export interface BundledPipeline {
  /** Each function's code is `zip`, a file name relative to pipeline.json. */
  pipeline: Pipeline;
  /** The deployment packages by that file name. */
  zips: Map<string, Uint8Array>;
  /** What is odd but need not be wrong, a text each. */
  warnings: string[];
  /** What was put into functions that is not the user's, a text each. */
  notes: string[];
}

interface Packed {
  zip: Uint8Array;
  warnings: string[];
  notes?: string[];
}

// esbuild uses all cores by itself; more at once would only hold more in memory.
const limit = pLimit(4);

/** Packs the code of a pipeline's functions: the same files give the same bytes. */
export async function bundleFunctions({ pipeline, file }: NamedPipeline): Promise<BundledPipeline> {
  const named = Object.entries(pipeline.functions);
  const verified = new Set(pipeline.eventSourceMappings.filter((m) => m.verifyDelivery).map((m) => m.function));
  const all = await Promise.all(
    named.map(([name, declared]) =>
      declared.existing
        ? undefined
        : limit(packFunction, declared, `Function ${name} (${basename(file)})`, verified.has(name)),
    ),
  );
  const zips = new Map<string, Uint8Array>();
  const functions = named.map(([name, declared], index) => {
    const packed = all[index];
    if (declared.existing || !packed) return [name, declared] as const;
    const { entry: _entry, directory: _directory, ...rest } = declared;
    const zip = fileName(name, '.zip', zips);
    zips.set(zip, packed.zip);
    return [name, { ...rest, zip }] as const;
  });
  const warnings = all.flatMap((packed) => packed?.warnings ?? []);
  const notes = all.flatMap((packed) => packed?.notes ?? []);
  return { pipeline: { ...pipeline, functions: Object.fromEntries(functions) }, zips, warnings, notes };
}

async function packFunction(declared: DeclaredFunction, what: string, answersProbes: boolean): Promise<Packed> {
  const packed = await pack(declared, what, answersProbes);
  checkZipped(packed.zip, what);
  return packed;
}

async function pack(declared: DeclaredFunction, what: string, answersProbes: boolean): Promise<Packed> {
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
        `${what} has an entry, which is bundled to an ES module for node, but its runtime is ${declared.runtime}: give directory or zip, or a runtime from nodejs14.x on.`,
      );
    // The wrapper uses fetch.
    if (answersProbes && major < 18)
      throw new InvalidInputError(
        `${what} is to answer probes (verifyDelivery), but its runtime is ${declared.runtime}: that takes nodejs18.x or newer.`,
      );
    const { file, ...told } = await bundleEntry({ entry, declared, handler, major, what, answersProbes });
    return { zip: zipFiles([file]), ...told };
  }
  if (answersProbes)
    throw new InvalidInputError(
      `${what} is to answer probes (verifyDelivery), but what answers them can be put only into a function with an entry: give an entry in place of its ${directory === undefined ? 'zip' : 'directory'}, or leave verifyDelivery out.`,
    );
  // How other runtimes name their files is theirs to check.
  const checked = major === undefined ? undefined : handler;
  if (directory !== undefined) return { zip: await packDirectory(directory, checked, what), warnings: [] };
  if (zip !== undefined) return { zip: await readZip(zip, checked, what), warnings: [] };
  throw new InvalidInputError(`${what} has no code: give entry, directory or zip.`);
}
