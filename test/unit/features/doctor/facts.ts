import type { Facts, FunctionFacts, LogEvent, MappingFacts } from '../../../../src/features/doctor/facts.ts';

export const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';

export const mapping = (changes: Partial<MappingFacts> = {}): MappingFacts => ({
  uuid: 'u-1',
  state: 'Enabled',
  startingPosition: 'TRIM_HORIZON',
  stream: { arn: ARN, region: 'us-east-1', account: '000000000000', name: 'orders' },
  streamStatus: 'ACTIVE',
  filters: [],
  elsewhere: [],
  function: 'take',
  ...changes,
});

/** A mapping whose stream does not exist. */
export const lost = (changes: Partial<MappingFacts> = {}): MappingFacts => {
  const { streamStatus: _, ...rest } = mapping(changes);
  return rest;
};

export const take = (changes: Partial<FunctionFacts> = {}): FunctionFacts => ({
  name: 'take',
  account: '000000000000',
  region: 'us-east-1',
  state: 'Active',
  updateStatus: 'Successful',
  runtime: 'nodejs22.x',
  roleAccount: '000000000000',
  ...changes,
});

export const log = (...events: LogEvent[]) => ({ file: 'ls.log', events });

export const facts = (
  changes: Partial<Facts> = {},
  version = '4.14.0',
  engine: Partial<Facts['engine']> = {},
): Facts => ({
  readAt: Date.parse('2026-11-30T12:00:00Z'),
  regions: ['us-east-1'],
  engine: {
    product: 'localstack',
    version,
    name: `LocalStack ${version}`,
    endpoint: 'http://e',
    atTimestampNeverDelivers: true,
    latestLosesFirstRecords: true,
    pollerKeepsEarlierStream: true,
    ...engine,
  },
  mappings: [],
  functions: [],
  pipelines: [],
  ...changes,
});
