import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import lock from '../../package-lock.json' with { type: 'json' };
import type { Cold } from './cold.ts';
import type { ContainerCold } from './container.ts';
import { LOCALSTACK } from './engine.ts';
import type { Growth } from './growth.ts';
import type { Times } from './race.ts';

/** All results of a bench run: docs/performance.json. Times are milliseconds, memory is MB. */
export interface Results {
  date: string;
  machine: { cores: number; cpu: string; memoryGb: number; system: string; loadBefore: number };
  versions: Record<string, string>;
  /** One pipeline on a warm engine. */
  one: Times;
  /** Median of each raw operation, with nothing else running. */
  latencies: Record<string, number>;
  ten: Times;
  growth: Growth[];
  cold: Cold;
  /** Only where Docker and the image exist. */
  container?: ContainerCold;
}

export function about(): Pick<Results, 'date' | 'machine' | 'versions'> {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cores: cpus().length,
      cpu: cpu?.model.trim() ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${arch()}`,
      loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    },
    versions: {
      LocalStack: LOCALSTACK,
      'Node.js': process.versions.node,
      '@aws-sdk/client-kinesis': lock.packages['node_modules/@aws-sdk/client-kinesis'].version,
    },
  };
}

/** The load average over a minute from which single measurements are in doubt. */
export const QUIET_LOAD = 0.5;

export function isBusy({ loadBefore }: Results['machine']): boolean {
  return loadBefore > QUIET_LOAD;
}
