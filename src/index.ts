export { definePipeline } from './definition/define.ts';
export type { Pipeline, Wait } from './definition/pipeline.ts';
export { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from './errors.ts';
export type { Event } from './report/events.ts';
