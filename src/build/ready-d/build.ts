import { checkTogether } from '../load/check-together.ts';
import { inHookOrder } from '../load/definitions.ts';
import { loadDefinition } from '../load/load.ts';
import { packPipeline } from '../pack/pack.ts';
import { type Written, writeReadyD } from './ready-d.ts';
import { readRuntime } from './runtime.ts';

export interface BuildOptions {
  /** Definition files. A build is of all of them: hooks that an earlier build made and this one does not are removed. */
  definitions: readonly string[];
  /** The ready.d folder; made when it is not there. */
  outDir: string;
  /** Told a line at a time what was done. */
  onProgress?: (line: string) => void;
}

export interface BuildResult {
  /** The hooks' names, in the order in which they run. */
  hooks: string[];
  warnings: string[];
  /** One line for a person. */
  summary: string;
}

/** Turns definitions into ready hooks. Nothing is written when any of them is wrong. */
export async function build({ definitions, outDir, onProgress = () => {} }: BuildOptions): Promise<BuildResult> {
  const loaded = await Promise.all(definitions.map((file) => loadDefinition(file)));
  checkTogether(loaded);
  const once = [...new Map(loaded.map((declared) => [declared.name, declared])).values()];
  const inOrder = once.sort((a, b) => inHookOrder(a.name, b.name));
  const [runtime, hooks] = await Promise.all([readRuntime(), Promise.all(inOrder.map(packPipeline))]);
  const files = await writeReadyD(outDir, hooks, runtime);
  const warnings = hooks.flatMap((hook) => hook.warnings);
  for (const { path, action, bytes } of files) if (action !== 'unchanged') onProgress(line(path, action, bytes));
  for (const note of hooks.flatMap((hook) => hook.notes)) onProgress(note);
  for (const warning of warnings) onProgress(`warning: ${warning}`);
  return { hooks: hooks.map(({ name }) => name), warnings, summary: summary(hooks.length, files) };
}

function line(path: string, action: Written['action'], bytes: number): string {
  if (action === 'written') return `wrote ${path} (${Math.ceil(bytes / 1000)} KB)`;
  if (action === 'removed') return `removed ${path}, which no definition of this build makes`;
  return `left ${path} alone: no definition of this build makes it, but it was changed since it was built`;
}

function summary(hooks: number, files: readonly Written[]): string {
  const count = (action: Written['action']) => files.filter((file) => file.action === action).length;
  const parts = (['written', 'unchanged', 'removed', 'kept'] as const).flatMap((action) =>
    count(action) > 0 ? [`${count(action)} ${action}`] : [],
  );
  return `${hooks} ${hooks === 1 ? 'hook' : 'hooks'}, files: ${parts.join(', ') || 'none'}`;
}
