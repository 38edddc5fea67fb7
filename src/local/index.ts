export type { LocalStackVersion } from './localstack/releases.ts';
export { cacheDir, dataDir } from './machine/folders.ts';
export { down, type EngineFilter, findEngine } from './process/down.ts';
export type { LocalEngine } from './process/state.ts';
export { type UpOptions, up } from './process-engines.ts';
