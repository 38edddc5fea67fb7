import type { Product, ProductName } from './engine.ts';

const METADATA = ['partitionKey', 'sequenceNumber', 'kinesisSchemaVersion', 'approximateArrivalTimestamp'];

/** LocalStack's, and those of LocalEmu, which runs the same code on another Kinesis: each measured on 4.14.0 and 1.3.2. */
const SHARED = {
  latestLosesFirstRecords: true,
  filtersArrivalTime: true,
  filterKeys: ['data', 'eventID', 'kinesis.data', ...METADATA.map((key) => `kinesis.${key}`)],
  dataFilterInOrIgnored: true,
  atTimestampNeverDelivers: true,
  updateRestartsPoller: true,
  pollerKeepsEarlierStream: true,
  disabledMappingNeverGoes: true,
  failedFunctionStays: true,
  ignoredSettings: ['bisectBatchOnFunctionError', 'parallelizationFactor', 'tumblingWindowSeconds'],
};

const localstack: Product = {
  title: 'LocalStack',
  hookPaths: ['/_localstack/init/ready', '/_localstack/init'],
  quirks: { ...SHARED, reshardBreaksMappings: true, streamCreatingMs: 500, functionPendingMs: 50 },
};

const localemu: Product = {
  title: 'LocalEmu',
  hookPaths: ['/_localemu/init/ready', '/_localemu/init'],
  quirks: { ...SHARED, arrivalHasFractions: true },
};

const ministack: Product = {
  title: 'MiniStack',
  hookPaths: ['/_ministack/ready'],
  hookLimit: {
    ms: 300_000,
    message: 'MiniStack stops a hook after 300 s: split the definition into several hooks',
  },
  // It logs a hook's output once the hook has finished.
  hookLogPrefix: /^.* INFO \[ministack\] {3}stdout: /,
  quirks: {
    latestLosesFirstRecords: true,
    atTimestampIsLatest: true,
    reshardBreaksMappings: true,
    filterKeys: [
      ...['data', ...METADATA, 'eventID', 'eventName', 'eventSource', 'eventSourceARN', 'eventVersion'],
      ...['awsRegion', 'invokeIdentityArn'],
    ],
    unmatchedConditions: [
      ...['$or', 'equals-ignore-case', 'wildcard', 'cidr'],
      ...['prefix of a condition', 'suffix of a condition', 'anything-but of a condition'],
    ],
    pollerKeepsEarlierStream: true,
    honouredSettings: ['batchSize', 'filters'],
  },
};

const floci: Product = {
  title: 'Floci',
  hookPaths: ['/_localstack/init', '/_localstack/init/ready'],
  hookLimit: {
    ms: 30_000,
    message:
      'Floci stops a hook after 30 s and then exits: raise its hook limit, or split the definition into several hooks',
  },
  quirks: {
    mappingsStartAtHorizon: true,
    honouredSettings: ['batchSize'],
    keptSettings: ['batchSize', 'reportBatchItemFailures', 'bisectBatchOnFunctionError', 'onFailure'],
  },
};

/** Every product. A new one needs an entry here and its detection in detect.ts. */
export const PRODUCTS: Readonly<Record<ProductName, Product>> = { localstack, localemu, ministack, floci };
