import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** The local path of a page in this package's docs, such as `docs/delivery.md#latest`, relative to the working directory. */
export function docsPage(page: string): string {
  return relative(process.cwd(), join(PACKAGE, page));
}
