import { definePipeline } from 'localstack-ready-hooks';

export default definePipeline({
  buckets: { events: {} },
  streams: { events: { shardCount: 1 } },
  functions: {
    'events-writer': { entry: './functions/events-writer.ts', buckets: { BUCKET: 'events' }, timeoutSeconds: 30 },
  },
  eventSourceMappings: [{ stream: 'events', function: 'events-writer', startingPosition: 'LATEST' }],
});
