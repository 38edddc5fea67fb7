import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** Where a page of this package's docs is on this machine, from the folder the command runs in: `docs/delivery.md#latest`. */
export function docsPage(page: string): string {
  return relative(process.cwd(), join(PACKAGE, page));
}
