import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../../src/build/ready-d/build.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';
import { NODES, type NodeVersion } from './engines.ts';

const FUNCTION = join(import.meta.dirname, '../../init/functions/hallow-event-distributor.ts');

/** The newest runtime that the oldest engine knows: apply rejects the default, nodejs22.x, there. */
const RUNTIME = 'nodejs20.x';

/** The hook for one Node, and its resources. */
export interface NodeHook {
  node: string;
  /** Name of its stream, bucket and function. */
  resource: string;
  /** Path of the definition. */
  definition: string;
  /** The script that the engine runs. */
  script: string;
  /** Files to which the script writes its Node's version, its exit code and its log. */
  version: string;
  code: string;
  log: string;
}

/** Creates `folder`/ready.d with a hook for each Node: the built hook unchanged, with that Node first in PATH. */
export async function writeHooks(folder: string, nodes: readonly NodeVersion[]): Promise<NodeHook[]> {
  const built = join(folder, 'built');
  const readyD = join(folder, 'ready.d');
  await mkdir(readyD, { recursive: true });
  const hooks = nodes.map((node): NodeHook => {
    const name = `node${node}`;
    const at = (end: string) => join(folder, `${name}.${end}`);
    const own = { version: at('version'), code: at('code'), log: at('log') };
    return { node, resource: `compat-${name}`, definition: at('json'), script: join(readyD, `${name}.sh`), ...own };
  });
  await Promise.all(hooks.map(({ definition, resource }) => writeFile(definition, JSON.stringify(pipeline(resource)))));
  await build({ definitions: hooks.map(({ definition }) => definition), outDir: built });
  await Promise.all(hooks.map((hook) => writeFile(hook.script, script(hook, built), { mode: 0o755 })));
  return hooks;
}

function pipeline(name: string): PipelineInput {
  return {
    buckets: { [name]: {} },
    streams: { [name]: { shardCount: 1 } },
    functions: { [name]: { entry: FUNCTION, runtime: RUNTIME, buckets: { BUCKET: name } } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST', reportBatchItemFailures: true }],
  };
}

function script({ node, version, code, log }: NodeHook, built: string): string {
  return `#!/bin/sh
PATH="${join(NODES, 'node_modules', `node${node}`, 'bin')}:$PATH"
export PATH
node --version >"${version}"
sh "${join(built, `node${node}.sh`)}" >"${log}" 2>&1
code=$?
echo "$code" >"${code}"
exit "$code"
`;
}
