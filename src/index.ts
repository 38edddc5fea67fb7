export type { Preview } from './apply/preview.ts';
export type { Result } from './apply/run.ts';
export { definePipeline } from './definition/define.ts';
export type {
  BucketInput,
  ExistingInput,
  FunctionInput,
  MappingInput,
  PipelineInput,
  Placeholder,
  StreamInput,
  WaitInput,
} from './definition/input.ts';
export { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from './errors.ts';
export {
  applyPipeline,
  type Definition,
  destroyPipeline,
  PipelineError,
  type PipelineOptions,
  type PlannedStep,
  pipelineOutputs,
  pipelineStatus,
  planPipeline,
  waitForPipeline,
} from './library.ts';
export type { Outputs } from './outputs/outputs.ts';
export type { Event, Outcome } from './report/events.ts';
export type { Status } from './status/pipeline.ts';
