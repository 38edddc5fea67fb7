// The public API of localstack-ready-hooks/testing.
export type { StoredObject } from './objects.ts';
export type { PutOptions } from './put.ts';
export type { ResetOptions } from './reset.ts';
export { type ClientConfig, type StartOptions, startPipeline, type TestPipeline } from './start.ts';
export type { DrainOptions } from './target.ts';
