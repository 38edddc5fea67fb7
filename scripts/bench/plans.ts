import type { RaceOptions } from './race.ts';

/** How often each measurement runs. */
export interface Plan {
  one: RaceOptions['rounds'];
  ten: RaceOptions['rounds'];
  growth: { pipelines: number; shards?: number; rounds: number }[];
  cold: number;
}

/** The slowest contenders take half a minute or more, mostly asleep in a waiter, so they run less often. */
export const PLANS: Record<'full' | 'quick', Plan> = {
  full: {
    one: {
      floor: 7,
      lone: 7,
      bare: 7,
      library: 7,
      hook: 7,
      boto3: 7,
      cloudformationFast: 4,
      awslocalKind: 4,
      awslocal: 3,
      cdklocal: 3,
      cloudformation: 2,
    },
    ten: { hook: 3, boto3: 3, awslocalKind: 2, awslocal: 1 },
    growth: [
      { pipelines: 1, rounds: 3 },
      { pipelines: 10, rounds: 3 },
      { pipelines: 1, shards: 16, rounds: 2 },
      { pipelines: 1, shards: 64, rounds: 2 },
      { pipelines: 30, rounds: 2 },
      { pipelines: 100, rounds: 2 },
    ],
    cold: 3,
  },
  quick: {
    one: { floor: 3, lone: 3, bare: 3, library: 3, hook: 3, boto3: 3, cloudformationFast: 1, awslocalKind: 1 },
    ten: { hook: 1 },
    growth: [
      { pipelines: 1, rounds: 1 },
      { pipelines: 10, rounds: 1 },
    ],
    cold: 1,
  },
};
