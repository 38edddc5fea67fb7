import { definePipeline } from 'localstack-ready-hooks';

export default definePipeline({
  region: 'us-east-1',
  buckets: { 'hallow-events': {} },
  streams: { 'hallow-event-stream': { shardCount: 1 } },
  functions: {
    'hallow-event-distributor': {
      entry: './functions/hallow-event-distributor.ts',
      buckets: { BUCKET: 'hallow-events' },
      timeoutSeconds: 30,
    },
  },
  eventSourceMappings: [
    {
      stream: 'hallow-event-stream',
      function: 'hallow-event-distributor',
      batchSize: 10000,
      startingPosition: 'LATEST',
      reportBatchItemFailures: true,
      // An unreadable record blocks its shard until Lambda gives up: after these retries (about ten seconds on LocalStack),
      // Lambda writes a report about the batch to the bucket, and the shard moves on.
      maximumRetryAttempts: 3,
      onFailure: { bucket: 'hallow-events' },
    },
  ],
});
