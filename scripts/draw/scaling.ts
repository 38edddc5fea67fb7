import { dotChart } from './chart.ts';

/** docs/scaling.svg: AWS's default limits, from the tables of docs/scaling.md. */
export const scalingChart = (): string =>
  dotChart(
    {
      title: 'Which of AWS’s default limits you reach first',
      note: 'Events of 1 KB per second that reach each limit, on a logarithmic scale. Sources: scaling.md',
      legend: { blue: 'Kinesis', amber: 'Lambda: 1,000 concurrent calls per account', green: 'S3' },
    },
    'events per second',
    [
      { label: '1 shard: 1,000 records/s, 1 MB/s', value: 1_000, colour: 'blue' },
      { label: 'new on-demand stream: 4 MB/s', value: 4_000, colour: 'blue' },
      { label: '100 shards, parallelizationFactor 10', value: 100_000, colour: 'amber' },
      { label: 'on-demand outside the three Regions: 200 MB/s', value: 200_000, colour: 'blue' },
      { label: '1,000 shards, parallelizationFactor 1', value: 1_000_000, colour: 'amber' },
      { label: '1,000 shards: quota of the smaller Regions', value: 1_000_000, colour: 'blue' },
      { label: 'one S3 prefix: 3,500 objects/s of 1,000 events', value: 3_500_000, colour: 'green' },
      { label: 'on-demand in the three Regions: 10 GB/s', value: 10_000_000, colour: 'blue' },
    ],
  );
