export { definePipeline } from './build/load/define.ts';
export type { Definition } from './build/load/load.ts';
export type { Outputs } from './features/outputs/outputs.ts';
export type { Status } from './features/status/status.ts';
export {
  applyPipeline,
  destroyPipeline,
  PipelineError,
  type PipelineOptions,
  type PipelineRunOptions,
  type PlannedStep,
  pipelineOutputs,
  pipelineStatus,
  planPipeline,
  waitForPipeline,
} from './library.ts';
export type { Preview } from './runtime/apply/preview.ts';
export type { Result } from './runtime/apply/run.ts';
export type {
  BucketInput,
  BucketSeedInput,
  ExistingInput,
  FunctionInput,
  MappingInput,
  PipelineInput,
  Placeholder,
  StreamInput,
  StreamSeedInput,
  WaitInput,
} from './runtime/definition/input.ts';
export {
  AbortedError,
  ExpectedError,
  type InputProblem,
  InvalidInputError,
  TimeoutError,
  UnreachableError,
} from './runtime/errors.ts';
export type { Event, Outcome } from './runtime/report/events.ts';
