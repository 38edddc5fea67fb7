import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readHooks } from '../../runtime/engine/hooks.ts';
import { AbortedError, ExpectedError } from '../../runtime/errors.ts';
import { appendFileSync } from '../../runtime/file-system.ts';
import { defined, inherited } from './environment.ts';
import { PRODUCT_NAMES } from './product.ts';
import { type EngineRecord, remember } from './state.ts';

export interface LateHooks {
  folder: string;
  /** File names in the folder. */
  names: readonly string[];
  onLine: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** The hooks that the engine ran, or runs, at its start. */
export async function hooksAtStart(engine: EngineRecord, { folder, names }: LateHooks): Promise<readonly string[]> {
  if (engine.hooksDir !== folder) return [];
  const seen = await readHooks(engine.endpoint, engine.product);
  if (!seen || seen.state === 'none') return [];
  // MiniStack reports no names.
  const known = seen.scripts.map(({ name }) => name);
  return known.length > 0 ? names.filter((name) => known.includes(name)) : names;
}

/** Runs hooks on an engine that started without them, as the engine would: in order, and the later ones even if one fails. */
export async function runLateHooks(engine: EngineRecord, hooks: LateHooks): Promise<void> {
  const { folder, names, signal } = hooks;
  const files = names.map((name) => join(folder, name));
  const python = names.filter((name) => name.endsWith('.py'));
  if (python.length > 0)
    throw new ExpectedError(
      `${PRODUCT_NAMES[engine.product]} already runs on port ${engine.port}, and ${python.join(', ')} can run only inside it, at its start: run npx ready-hooks down --port ${engine.port} first, then this again.`,
    );
  const failed: string[] = [];
  for (const name of [...names].sort()) {
    const problem = await runHook(engine, name, hooks);
    if (signal?.aborted) throw new AbortedError(`Stopped while the hook ${name} ran.`);
    if (problem) failed.push(`${name} failed (${problem})`);
  }
  if (failed.length > 0)
    throw new ExpectedError(
      `The hook ${failed.join(', ')}; see the last lines of ${engine.logFile}, fix the hook, and run this again.`,
    );
  remember({ ...engine, lateHooks: [...(engine.lateHooks ?? []), ...files] });
}

/** Returns why it failed. */
async function runHook(engine: EngineRecord, name: string, hooks: LateHooks): Promise<string | undefined> {
  const { folder, onLine, signal } = hooks;
  const file = join(folder, name);
  const [command, ...args] = engine.product === 'ministack' ? ['sh', file] : [file];
  const env = defined({ ...inherited(process.env, process.execPath), AWS_ENDPOINT_URL: engine.endpoint });
  const hook = spawn(command, args, { cwd: folder, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const input of [hook.stdout, hook.stderr])
    createInterface({ input }).on('line', (line) => {
      appendFileSync(engine.logFile, `${line}\n`);
      onLine(line);
    });
  // Rejects if the hook cannot be started.
  const [code, killedBy] = await once(hook, 'close').catch(({ code }) => [code]);
  return code === 0
    ? undefined
    : killedBy
      ? `ended by ${killedBy}`
      : typeof code === 'number'
        ? `exit code ${code}`
        : code;
}
