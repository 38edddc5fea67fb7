import type { InstallOptions } from '../machine/installed.ts';

/** Which software an engine without Docker is. */
export type ProductName = 'localstack' | 'ministack';

/** How to start an engine of a product. */
export interface Launch {
  version: string;
  /** Version of the Python that runs it. */
  pythonVersion: string;
  /** The Python and what it is given. */
  command: readonly [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
}

export interface LaunchOptions extends InstallOptions {
  port: number;
  /** A fresh folder, for all but the log. */
  stateDir: string;
  version?: string | undefined;
  /** A ready.d folder. */
  hooksDir?: string | undefined;
  /** Further settings of the engine; they have the last word. */
  env?: Record<string, string> | undefined;
}

export interface Product {
  name: ProductName;
  /** Installs it where needed. `layOut` then makes its folder, which the engine before may still have held. */
  install(options: Omit<LaunchOptions, 'stateDir' | 'hooksDir' | 'env'>): Promise<Installed>;
}

export interface Installed {
  version: string;
  layOut(options: LaunchOptions): Launch;
}

/** As people call them. */
export const PRODUCT_NAMES: Record<ProductName, string> = { localstack: 'LocalStack', ministack: 'MiniStack' };
