import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '../../runtime/errors.ts';
import { layOut } from '../localstack/layout.ts';
import { prepareLocalStack } from '../localstack/prepare.ts';
import type { Product } from '../process/product.ts';
import { installVenv } from '../python/venv.ts';
import { pythonWithin } from '../python/within.ts';

const product = 'localemu';
const VERSION = '1.3.2';
const LOCK = fileURLToPath(new URL(`./locks/localemu-${VERSION}.txt`, import.meta.url));

/** LocalEmu from PyPI: LocalStack's code under another name, with its Kinesis in the same process. */
export const localemu: Product = {
  name: product,
  async install({ version = VERSION, ...options }) {
    if (version !== VERSION) throw new InvalidInputError(`LocalEmu ${version} is not available; expected ${VERSION}.`);
    const name = `LocalEmu ${VERSION}`;
    // Its metadata promises 3.10, but 3.11 stops at its syntax.
    const python = await pythonWithin(name, { oldest: 12, newest: 13, best: '3.13' }, options);
    const venv = await installVenv({ name, cost: '10 s and 430 MB', lock: LOCK }, python, options);
    const prepared = await prepareLocalStack(venv, { product, version }, options);
    return { version, layOut: (options) => layOut({ product, version, python, venv, prepared }, options) };
  },
};
