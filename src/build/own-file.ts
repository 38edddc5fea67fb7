import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of our module `name` beside the one at `url`: TypeScript in a clone, JavaScript in an installed package. */
export function ownFile(name: string, url: string): string {
  const source = fileURLToPath(new URL(`./${name}.ts`, url));
  return existsSync(source) ? source : source.replace(/ts$/, 'js');
}
