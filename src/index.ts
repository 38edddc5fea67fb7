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
