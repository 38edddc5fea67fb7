import { localemu } from './localemu/product.ts';
import { localstack } from './localstack/product.ts';
import { ministack } from './ministack/product.ts';
import type { ProcessOptions, ProductName } from './process/product.ts';
import type { LocalEngine } from './process/state.ts';
import { upProcess } from './process/up.ts';

export interface UpOptions extends ProcessOptions {
  /** Default `localstack`. */
  engine?: ProductName;
}

const PRODUCTS = { localstack, localemu, ministack };

/** Starts an engine in the background, installing it first where needed. Resolves when it answers; hooks may still run. */
export function up({ engine = 'localstack', ...options }: UpOptions = {}): Promise<LocalEngine> {
  return upProcess(PRODUCTS[engine], options);
}
