// The types that editors show (input.ts) must match the schema that is checked (schema.ts): a field in only one of them does not compile.
import type * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import type {
  BucketInput,
  BucketSeedInput,
  ExistingInput,
  FunctionInput,
  MappingInput,
  PipelineInput,
  StreamInput,
  StreamSeedInput,
  WaitInput,
} from '../../src/runtime/definition/input.ts';
import type { Pipeline } from '../../src/runtime/definition/pipeline.ts';
import type * as schema from '../../src/runtime/definition/schema.ts';

type Keys<T> = T extends unknown ? keyof T : never;
type Field<T, K> = T extends unknown ? (K extends keyof T ? Exclude<T[K], undefined> : never) : never;
type IsRequired<T, K> = T extends unknown ? (K extends keyof T ? (object extends Pick<T, K> ? 0 : 1) : 0) : never;
type Fields<T> = { [K in keyof T]: T[K] };
/** The schema has one object per kind; the input types are unions, because some fields exclude each other. */
type Flat<T> = Fields<
  { [K in Keys<T> as IsRequired<T, K> extends 1 ? K : never]: Field<T, K> } & {
    [K in Keys<T> as IsRequired<T, K> extends 1 ? never : K]?: Field<T, K>;
  }
>;

expectTypeOf<Flat<WaitInput>>().toEqualTypeOf<Fields<v.InferInput<typeof schema.wait>>>();
expectTypeOf<Flat<ExistingInput>>().toEqualTypeOf<Fields<v.InferInput<typeof schema.existing>>>();
expectTypeOf<Flat<Omit<BucketInput, 'seed'>>>().toEqualTypeOf<
  Fields<Omit<v.InferInput<typeof schema.bucket>, 'seed'>>
>();
expectTypeOf<Flat<BucketSeedInput>>().toEqualTypeOf<Fields<v.InferInput<typeof schema.bucketSeed>>>();
expectTypeOf<StreamSeedInput>().toEqualTypeOf<Fields<v.InferInput<typeof schema.streamSeed>>>();
expectTypeOf<Flat<StreamInput>>().toEqualTypeOf<Fields<v.InferInput<typeof schema.stream>>>();
expectTypeOf<Flat<FunctionInput>>().toEqualTypeOf<Fields<v.InferInput<typeof schema.lambda>>>();
expectTypeOf<Flat<Omit<MappingInput, 'onFailure'>>>().toEqualTypeOf<
  Fields<Omit<v.InferInput<typeof schema.mapping>, 'onFailure'>>
>();
expectTypeOf<Flat<NonNullable<MappingInput['onFailure']>>>().toEqualTypeOf<
  Flat<NonNullable<v.InferInput<typeof schema.mapping>['onFailure']>>
>();
expectTypeOf<keyof PipelineInput>().toEqualTypeOf<keyof v.InferInput<typeof schema.pipeline>>();
expectTypeOf<PipelineInput>().toExtend<v.InferInput<typeof schema.pipeline>>();

// Defaults are filled in: only settings without one are optional.
expectTypeOf<Pipeline['eventSourceMappings'][number]['batchSize']>().toEqualTypeOf<number>();
expectTypeOf<Pipeline['region']>().toEqualTypeOf<string>();
