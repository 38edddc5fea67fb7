import { checkTogether } from '../load/check-together.ts';
import { inHookOrder } from '../load/definitions.ts';
import { loadDefinition } from '../load/load.ts';
import { packPipeline } from '../pack/pack.ts';
import { type Written, writeReadyD } from './ready-d.ts';
import { readRuntime } from './runtime.ts';

export interface BuildOptions {
  /** All definition files. Hooks that an earlier build wrote and this one does not are removed. */
  definitions: readonly string[];
  /** The ready.d folder; created if missing. */
  outDir: string;
  /** Called with each line of progress. */
  onProgress?: (line: string) => void;
}

export interface BuildResult {
  /** The hooks' names, in the order they run. */
  hooks: string[];
  warnings: string[];
  /** One line to print. */
  summary: string;
}

/** Turns definitions into ready hooks. Writes nothing if a definition is invalid. */
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
  if (action === 'removed') return `removed ${path}: no definition in this build needs it`;
  return `kept ${path}: no definition in this build needs it, but it was changed since it was built`;
}

function summary(hooks: number, files: readonly Written[]): string {
  const count = (action: Written['action']) => files.filter((file) => file.action === action).length;
  const parts = (['written', 'unchanged', 'removed', 'kept'] as const).flatMap((action) =>
    count(action) > 0 ? [`${count(action)} ${action}`] : [],
  );
  return `${hooks} ${hooks === 1 ? 'hook' : 'hooks'}, files: ${parts.join(', ') || 'none'}`;
}
