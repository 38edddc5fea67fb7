import type { Plugin } from 'esbuild';
import { readFile } from '../../runtime/file-system.ts';
import { ownFile } from '../own-file.ts';
import type { Handler } from './handler.ts';

const WRAPPER = 'ready-hooks-probe-wrapper';

/** The source of a module that exports an entry's wrapped handler; with `*`, it re-exports the rest as well. */
export function wrappedEntry(entry: string, { exported }: Handler, others?: '*'): string {
  const [first = exported, ...rest] = exported.split('.');
  return [
    `import * as entry from ${JSON.stringify(entry)};`,
    `import { wrapAt } from '${WRAPPER}';`,
    ...(others ? [`export * from ${JSON.stringify(entry)};`] : []),
    `const wrapped = wrapAt(entry[${JSON.stringify(first)}], ${JSON.stringify(rest)});`,
    `export { wrapped as ${first} };`,
  ].join('\n');
}

/** Imports the wrapper by a fixed name, so that bundles contain no local path. */
export const probeWrapper: Plugin = {
  name: WRAPPER,
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${WRAPPER}$`) }, ({ path }) => ({ path, namespace: 'ready-hooks' }));
    build.onLoad({ filter: /.*/, namespace: 'ready-hooks' }, async () => ({
      contents: await readFile(ownFile('probe-wrapper', import.meta.url), 'utf8'),
      loader: 'ts',
    }));
  },
};
