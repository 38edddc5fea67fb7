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

export interface ProcessOptions extends InstallOptions {
  /** Where the gateway listens on 127.0.0.1; default 4566, 0 chooses a free port. */
  port?: number | undefined;
  /** State and log of the engine; default: `engines/<port>` in the cache folder. */
  dataDir?: string | undefined;
  /** Default: the newest LocalStack that a Python found here can run; the MiniStack that is pinned. */
  version?: string | undefined;
  /** A ready.d folder whose hooks it runs at start. */
  hooksDir?: string | undefined;
  /** Further settings of the engine; they have the last word. */
  env?: Record<string, string> | undefined;
}

export interface LaunchOptions extends Pick<ProcessOptions, 'hooksDir' | 'env'> {
  port: number;
  /** A fresh folder, for all but the log. */
  stateDir: string;
}

export interface Product {
  name: ProductName;
  /** Installs it where needed. `layOut` then makes its folder, which the engine before may still have held. */
  install(options: InstallOptions & Pick<ProcessOptions, 'version'>): Promise<Installed>;
}

export interface Installed {
  version: string;
  layOut(options: LaunchOptions): Launch;
}

/** As people call them. */
export const PRODUCT_NAMES: Record<ProductName, string> = { localstack: 'LocalStack', ministack: 'MiniStack' };
