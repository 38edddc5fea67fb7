export { down, type EngineFilter, findEngine } from './down.ts';
export { cacheDir, dataDir } from './folders.ts';
export type { LocalStackVersion } from './releases.ts';
export type { Engine } from './state.ts';
export { type UpOptions, up } from './up.ts';
