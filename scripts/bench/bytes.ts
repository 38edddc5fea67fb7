import type { Metafile } from 'esbuild';

/** The contents of a bundle, as esbuild reports them. */
export interface Contents {
  bytes: number;
  /** Bytes in the bundle of each package, and of each folder of src/runtime. */
  parts: Record<string, number>;
  /** Number of source files with code in the bundle. */
  modules: number;
  /** Node modules that it imports, without the `node:` prefix. */
  builtins: string[];
}

export function contentsOf(metafile: Metafile): Contents {
  const [output] = Object.values(metafile.outputs);
  if (!output) throw new Error('The metafile has no output');
  const kept = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const parts: Record<string, number> = {};
  for (const [file, { bytesInOutput }] of kept) parts[partOf(file)] = (parts[partOf(file)] ?? 0) + bytesInOutput;
  const builtins = [...new Set(output.imports.map(({ path }) => path.replace(/^node:/, '')))].sort();
  return { bytes: output.bytes, parts, modules: kept.length, builtins };
}

/** The package for files in node_modules, otherwise the folder below src/runtime. */
function partOf(file: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? `runtime/${file.includes('/') ? file.split('/')[0] : ''}`;
}

const SHOWN = 8;

/** Empty if the bundle is within its budget; otherwise by how much it is over, and which parts grew most since the budget was set. */
export function overBudget(now: Contents, budget: Contents): string {
  const over = [
    now.bytes > budget.bytes && `${now.bytes - budget.bytes} bytes over ${budget.bytes}`,
    now.modules > budget.modules && `${now.modules - budget.modules} modules over ${budget.modules}`,
    ...now.builtins.filter((name) => !budget.builtins.includes(name)).map((name) => `node:${name} is new at start`),
  ].filter(Boolean);
  if (over.length === 0) return '';
  const grown = Object.entries(now.parts)
    .map(([part, bytes]) => ({ part, by: bytes - (budget.parts[part] ?? 0) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by)
    .slice(0, SHOWN)
    .map(({ part, by }) => `${part} +${by}`);
  return `The runtime is over its budget: ${over.join(', ')}; grown most: ${grown.join(', ') || 'nothing'}.`;
}
