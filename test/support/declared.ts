import type { DeclaredFunction, DeclaredMapping } from '../../src/runtime/definition/pipeline.ts';
import type { SeenFunction } from '../../src/runtime/resources/function/function.ts';
import type { SeenMapping } from '../../src/runtime/resources/mapping/update.ts';

const DEFAULTS = {
  batchSize: 100,
  maximumBatchingWindowSeconds: 0,
  reportBatchItemFailures: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisectBatchOnFunctionError: false,
  parallelizationFactor: 1,
  tumblingWindowSeconds: 0,
  filters: [],
};

/** A parsed mapping whose definition sets only what is required. */
export const declaredMapping = (changes: Partial<DeclaredMapping> = {}): DeclaredMapping => ({
  stream: 's',
  function: 'f',
  startingPosition: 'LATEST',
  ...DEFAULTS,
  enabled: true,
  verifyDelivery: false,
  ...changes,
});

/** The same mapping on an engine. */
export const seenMapping = (settings: Partial<SeenMapping['settings']> = {}): SeenMapping => ({
  uuid: 'u1',
  state: 'Enabled',
  startingPosition: 'TRIM_HORIZON',
  settings: { ...DEFAULTS, onFailure: '', ...settings },
});

/** A parsed function with its defaults; `changes` name its code. */
export const declaredFunction = (changes: Partial<DeclaredFunction>): DeclaredFunction => ({
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  memorySize: 128,
  timeoutSeconds: 3,
  environment: {},
  buckets: {},
  layers: [],
  description: '',
  tags: {},
  verifyStart: true,
  ...changes,
});

/** An Active function as the engine shows it, with the settings of `declaredFunction`. */
export function seenFunction(codeSha256: string, changes: Partial<SeenFunction> = {}): SeenFunction {
  return {
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    state: 'Active',
    lastUpdateStatus: 'Successful',
    modifiedAt: 1_600_000_000_000,
    codeSha256,
    architecture: 'x86_64',
    settings: {
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      memorySize: 128,
      timeoutSeconds: 3,
      environment: {},
      role: 'arn:aws:iam::000000000000:role/lambda-role',
      layers: [],
      description: '',
    },
    tags: {},
    ...changes,
  };
}
