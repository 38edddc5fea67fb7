import { bundleRuntime, type RuntimeBundle } from '../../src/build/ready-d/runtime.ts';

let bundle: Promise<RuntimeBundle> | undefined;

/** The runtime, bundled once for all tests of a worker. */
export const runtimeBundle = (): Promise<RuntimeBundle> => (bundle ??= bundleRuntime());
