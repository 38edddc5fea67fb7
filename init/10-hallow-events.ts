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
      // A record that can never be read blocks its shard until it is given up: after these retries, about ten seconds on
      // LocalStack, what Lambda knows of its batch goes to the bucket and the shard moves on.
      maximumRetryAttempts: 3,
      onFailure: { bucket: 'hallow-events' },
    },
  ],
});
