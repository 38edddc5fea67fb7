import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PRODUCTS } from '../runtime/engine/products.ts';
import { stat } from '../runtime/file-system.ts';

const PREFIXES = Object.values(PRODUCTS).flatMap(({ hookLogPrefix }) => hookLogPrefix ?? []);

/** The line as one of our hooks wrote it; undefined for any other line of the engine's log. */
export function hookLine(line: string): string | undefined {
  const own = PREFIXES.reduce((text, prefix) => text.replace(prefix, ''), line);
  return /^(ready-hooks: | +\d+\.\d\d s {2}| {4}(ready|failed|not finished|not attempted) )/.test(own)
    ? own
    : undefined;
}

/** Passes on the hooks' lines of an engine's log as they are written, until stopped. */
export function followHookLog(file: string, onLine: (line: string) => void): { stop: () => Promise<void> } {
  let from = 0;
  let busy = Promise.resolve();
  const readNew = async () => {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size <= from) return;
    const lines = createInterface({ input: createReadStream(file, { start: from, end: size - 1 }) });
    from = size;
    for await (const line of lines) {
      const own = hookLine(line);
      if (own !== undefined) onLine(own);
    }
  };
  const timer = setInterval(() => {
    busy = busy.then(readNew);
  }, 200);
  return {
    stop: async () => {
      clearInterval(timer);
      await busy.then(readNew);
    },
  };
}
