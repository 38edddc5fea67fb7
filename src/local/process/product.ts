import type { InstallOptions } from '../machine/installed.ts';

/** The software of an engine without Docker. */
export type ProductName = 'localstack' | 'localemu' | 'ministack';

/** How to start an engine. */
export interface Launch {
  version: string;
  /** Version of the Python that runs it. */
  pythonVersion: string;
  /** The Python and its arguments. */
  command: readonly [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
}

export interface ProcessOptions extends InstallOptions {
  /** Where the gateway listens on 127.0.0.1; default 4566, 0 chooses a free port. */
  port?: number | undefined;
  /** Folder for the engine's state and log; default: `engines/<port>` in the cache folder. */
  dataDir?: string | undefined;
  /** Default: the newest LocalStack that a Python on this machine can run; the pinned LocalEmu or MiniStack. */
  version?: string | undefined;
  /** A ready.d folder whose hooks the engine runs at start. */
  hooksDir?: string | undefined;
  /** Whether the engine ends, without a trace, when this process ends, however it ends. Default false. */
  endsWithOwner?: boolean | undefined;
  /** Environment variables for the engine; they override all others. */
  env?: Record<string, string> | undefined;
}

export interface LaunchOptions extends Pick<ProcessOptions, 'hooksDir' | 'env'> {
  port: number;
  /** A new folder for everything but the log. */
  stateDir: string;
}

export interface Product {
  name: ProductName;
  /** Installs it if needed. `layOut` then creates the engine's folder, once the previous engine has left it. */
  install(options: InstallOptions & Pick<ProcessOptions, 'version'>): Promise<Installed>;
}

export interface Installed {
  version: string;
  layOut(options: LaunchOptions): Launch;
}

/** Names for messages. */
export const PRODUCT_NAMES: Record<ProductName, string> = {
  localstack: 'LocalStack',
  localemu: 'LocalEmu',
  ministack: 'MiniStack',
};
