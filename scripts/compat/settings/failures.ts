import { callsWith, hasAll, ids, missing, sizes } from './counts.ts';
import type { Call } from './function.ts';
import type { Lab, Mapping, Reader } from './lab.ts';
import type { Outcome, Probe } from './probe.ts';

const FAILING = { id: 'fails', do: 'fail' } as const;
const NEXT = { id: 'next' };
const fails = (calls: readonly Call[]) => callsWith(FAILING.id, calls).length;
const isPast = (calls: readonly Call[]) => callsWith(NEXT.id, calls).length > 0;
/** On a busy machine, an engine may try a batch once more than it should: delivery is at least once. */
const isEnough = (calls: readonly Call[]) => isPast(calls) || fails(calls) >= 8;

/** A stream with a record that always fails and one behind it, each its own batch. */
async function failing(lab: Lab, mapping: Mapping): Promise<Reader> {
  const stream = await lab.stream();
  await lab.putEach(stream, [FAILING, NEXT]);
  return lab.read(stream, { BatchSize: 1, ...mapping });
}

const text = (calls: readonly Call[]) =>
  `the failing record was tried ${fails(calls)} times, the next one ${isPast(calls) ? 'then arrived' : 'did not arrive'}`;

const unlimited: Probe = {
  title: 'no limit of retries',
  busy: true,
  works: 'a failing batch is tried again and again, and blocks its shard',
  async run(lab) {
    const reader = await failing(lab, {});
    const calls = await lab.until(reader, (calls) => isPast(calls) || fails(calls) >= 3, 30_000);
    return { verdict: isPast(calls) ? 'loses records' : 'works', seen: text(calls) };
  },
};

const retries: Probe = {
  title: '`maximumRetryAttempts`',
  busy: true,
  works: 'at 1, a failing record is tried twice, then the next one arrives',
  setting: 'maximumRetryAttempts',
  async run(lab) {
    const reader = await failing(lab, { MaximumRetryAttempts: 1 });
    const calls = await lab.until(reader, isEnough, 30_000);
    return { verdict: isPast(calls) && fails(calls) > 1 ? 'works' : 'ignored', seen: text(calls) };
  },
};

/** AWS accepts no less than 60 s. */
const AGE = { MaximumRecordAgeInSeconds: 60 };

const ageOfFailing: Probe = {
  title: '`maximumRecordAgeSeconds`, failing batch',
  busy: true,
  works: 'at 60, a failing record is given up after a minute, then the next one arrives',
  setting: 'maximumRecordAgeSeconds',
  async run(lab) {
    const stream = await lab.stream();
    await lab.put(stream, [FAILING]);
    const reader = await lab.read(stream, { BatchSize: 1, ...AGE });
    await lab.sleep(45_000);
    await lab.put(stream, [NEXT]);
    const calls = await lab.until(reader, isPast, 75_000);
    return { verdict: isPast(calls) && fails(calls) > 1 ? 'works' : 'ignored', seen: text(calls) };
  },
};

const ageAtFirst: Probe = {
  title: '`maximumRecordAgeSeconds`, old record',
  works: 'at 60, a record that is 62 s old is skipped, and a new one arrives',
  setting: 'maximumRecordAgeSeconds',
  async run(lab) {
    const stream = await lab.stream();
    const [old, later] = [ids(1, 'old'), ids(1, 'new')];
    await lab.put(stream, old);
    await lab.sleep(62_000);
    const reader = await lab.read(stream, AGE);
    await lab.put(stream, later);
    await lab.until(reader, hasAll(later), 10_000);
    const calls = await lab.later(reader, 1_000);
    const [lost, skipped] = [missing(later, calls).length > 0, missing(old, calls).length > 0];
    const seen = `the old record was ${skipped ? 'skipped' : 'delivered'}, the new one ${lost ? 'lost' : 'delivered'}`;
    return { verdict: lost ? 'loses records' : skipped ? 'works' : 'ignored', seen };
  },
};

const partial: Probe = {
  title: '`reportBatchItemFailures`',
  works: 'a batch starts again at the record that the function reports',
  setting: 'reportBatchItemFailures',
  async run(lab) {
    const stream = await lab.stream();
    await lab.put(stream, [{ id: 'a' }, { id: 'b' }, { id: 'reported', do: 'report' }, { id: 'd' }]);
    const reader = await lab.read(stream, {
      BatchSize: 4,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 2,
    });
    const calls = await lab.until(reader, (calls) => callsWith('reported', calls).length >= 2, 12_000);
    const [first, again] = [callsWith('a', calls).length, callsWith('reported', calls).length];
    const seen = `the record before was delivered ${first} times, the reported one ${again} times`;
    return { verdict: first === 1 && again > 1 ? 'works' : 'ignored', seen };
  },
};

const bisect: Probe = {
  title: '`bisectBatchOnFunctionError`',
  busy: true,
  works: 'a failing batch is split',
  setting: 'bisectBatchOnFunctionError',
  async run(lab) {
    const stream = await lab.stream();
    await lab.put(stream, [{ id: 'a' }, { id: 'b' }, FAILING, { id: 'd' }]);
    const reader = await lab.read(stream, { BatchSize: 4, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 2 });
    const isSplit = (calls: Call[]) => callsWith('a', calls).some(({ records }) => records.length < 4);
    const calls = await lab.until(reader, (calls) => isSplit(calls) || fails(calls) >= 3, 15_000);
    return { verdict: isSplit(calls) ? 'works' : 'ignored', seen: `batches of ${sizes(calls).join(', ')}` };
  },
};

const toBucket: Probe = {
  title: '`onFailure`, bucket',
  busy: true,
  works: 'a report of a discarded batch is in the bucket',
  setting: 'onFailure',
  async run(lab) {
    const bucket = 'compat-failed';
    await lab.aws.call('CreateBucket', { Bucket: bucket });
    return reported(lab, `arn:aws:s3:::${bucket}`, async () => (await lab.keys(bucket)).length);
  },
};

const toQueue: Probe = {
  title: '`onFailure`, SQS queue',
  busy: true,
  works: 'a report of a discarded batch is in the queue',
  setting: 'onFailure',
  async run(lab) {
    const queue = await lab.queue('compat-failed');
    return reported(lab, queue.arn, queue.count);
  },
};

async function reported(lab: Lab, Destination: string, count: () => Promise<number>): Promise<Outcome> {
  const reader = await failing(lab, { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
  const calls = await lab.until(reader, isEnough, 20_000);
  for (let n = 0; n < 10 && (await count()) === 0; n++) await lab.sleep(200);
  const reports = await count();
  return { verdict: reports > 0 ? 'works' : 'ignored', seen: `${reports} reports; ${text(calls)}` };
}

export const FAILURES: readonly Probe[] = [
  unlimited,
  retries,
  partial,
  bisect,
  toBucket,
  toQueue,
  ageOfFailing,
  ageAtFirst,
];
