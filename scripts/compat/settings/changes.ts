import { hasAll, ids, missing, repeated } from './counts.ts';
import type { Call } from './function.ts';
import type { Lab } from './lab.ts';
import type { Outcome, Probe } from './probe.ts';

const order: Probe = {
  title: 'order within a shard',
  works: '80 records on 2 shards arrive in the order of their sequence numbers',
  async run(lab) {
    const stream = await lab.stream(2);
    const reader = await lab.read(stream, { BatchSize: 7 });
    const sent = await putOften(lab, stream, 2);
    const calls = await lab.until(reader, hasAll(sent), 30_000);
    const late = outOfOrder(calls);
    const seen = `${late} records out of order, ${missing(sent, calls).length} lost`;
    if (missing(sent, calls).length > 0) return { verdict: 'loses records', seen };
    return { verdict: late > 0 ? 'ignored' : 'works', seen };
  },
};

const once: Probe = {
  title: 'each record once',
  works: '80 records on 4 shards, none twice within 10 s',
  async run(lab) {
    const stream = await lab.stream(4);
    const reader = await lab.read(stream);
    const sent = await putOften(lab, stream, 4);
    await lab.until(reader, hasAll(sent), 30_000);
    return exactlyOnce(sent, await lab.later(reader, 10_000));
  },
};

/** Puts 80 records in 20 requests, 0.1 s apart. */
async function putOften(lab: Lab, stream: string, shardCount: number) {
  const rounds = Array.from({ length: 20 }, (_, round) => ids(4, `r${round}-`));
  for (const records of rounds) {
    await lab.put(stream, records, shardCount);
    await lab.sleep(100);
  }
  return rounds.flat();
}

function outOfOrder(calls: readonly Call[]): number {
  const last = new Map<string, bigint>();
  return calls
    .flatMap(({ records }) => records)
    .filter(({ shard, sequenceNumber }) => {
      const [before, own] = [last.get(shard), BigInt(sequenceNumber)];
      last.set(shard, own);
      return before !== undefined && own < before;
    }).length;
}

function exactlyOnce(sent: readonly { id: string }[], calls: readonly Call[]): Outcome {
  const [lost, twice] = [missing(sent, calls).length, repeated(calls)];
  const seen = `${lost} of ${sent.length} records lost, ${twice} delivered more than once`;
  if (calls.length === 0) return { verdict: 'delivers nothing', seen };
  return { verdict: lost > 0 ? 'loses records' : twice > 0 ? 'repeats records' : 'works', seen };
}

const update: Probe = {
  title: 'a mapping is updated',
  works: 'records from before are not delivered again, and new ones arrive',
  async run(lab) {
    const stream = await lab.stream();
    const reader = await lab.read(stream, { BatchSize: 10 });
    const [before, after] = [ids(5, 'before'), ids(5, 'after')];
    await lab.put(stream, before);
    await lab.until(reader, hasAll(before), 15_000);
    await lab.aws.call('UpdateEventSourceMapping', { UUID: reader.uuid, BatchSize: 20 });
    await lab.sleep(2_000);
    await lab.put(stream, after);
    await lab.until(reader, hasAll(after), 15_000);
    return exactlyOnce([...before, ...after], await lab.later(reader, 2_000));
  },
};

const reshard: Probe = {
  title: 'a stream is resharded',
  works: 'each record from before and after UpdateShardCount arrives once',
  async run(lab) {
    const stream = await lab.stream();
    const reader = await lab.read(stream);
    const [before, after] = [ids(5, 'before'), ids(6, 'after')];
    await lab.put(stream, before);
    await lab.until(reader, hasAll(before), 15_000);
    await lab.aws.call('UpdateShardCount', {
      StreamName: stream,
      TargetShardCount: 2,
      ScalingType: 'UNIFORM_SCALING',
    });
    await lab.sleep(500);
    await lab.waitActive(stream);
    await lab.put(stream, after, 2);
    await lab.sleep(3_000);
    const later = ids(4, 'later');
    await lab.put(stream, later, 2);
    await lab.until(reader, hasAll([...after, ...later]), 15_000);
    return exactlyOnce([...before, ...after, ...later], await lab.later(reader, 6_000));
  },
};

const recreated: Probe = {
  title: 'a stream is deleted and re-created',
  works: 'its mapping delivers every record of the new stream',
  async run(lab) {
    const stream = await lab.stream();
    const reader = await lab.read(stream);
    const [before, after] = [ids(5, 'before'), ids(8, 'after')];
    await lab.put(stream, before);
    await lab.until(reader, hasAll(before), 15_000);
    await lab.recreate(stream);
    await lab.put(stream, after);
    const calls = await lab.until(reader, hasAll(after), 10_000);
    const lost = missing(after, calls).length;
    const seen = `${lost} of 8 records of the new stream lost`;
    return { verdict: lost === 8 ? 'delivers nothing' : lost > 0 ? 'loses records' : 'works', seen };
  },
};

const noStream: Probe = {
  title: 'a mapping on a stream that does not exist',
  works: 'rejected (accepted: it delivers once the stream exists)',
  right: 'rejected',
  async run(lab) {
    const stream = 'compat-created-later';
    const reader = await lab.read(stream);
    const sent = ids(3);
    await lab.createStream(stream);
    await lab.put(stream, sent);
    const lost = missing(sent, await lab.until(reader, hasAll(sent), 10_000)).length;
    return { verdict: lost > 0 ? 'delivers nothing' : 'accepted', seen: `accepted; ${lost} of 3 records lost later` };
  },
};

const twice: Probe = {
  title: 'a second mapping of the same stream and function',
  works: 'rejected',
  right: 'rejected',
  async run(lab) {
    const stream = await lab.stream();
    const { functionName } = await lab.read(stream);
    await lab.map(stream, functionName);
    return { verdict: 'accepted', seen: 'accepted' };
  },
};

const deletedDisabled: Probe = {
  title: 'a mapping is deleted while disabled',
  works: 'it is gone within 10 s',
  async run(lab) {
    const { uuid } = await lab.read(await lab.stream(), { Enabled: false });
    await lab.sleep(1_000);
    await lab.aws.call('DeleteEventSourceMapping', { UUID: uuid });
    const states = async () =>
      ((await lab.aws.call('ListEventSourceMappings', {})).EventSourceMappings ?? []).filter(
        ({ UUID }) => UUID === uuid,
      );
    for (let n = 0; n < 20 && (await states()).length > 0; n++) await lab.sleep(500);
    const [left] = await states();
    return left ? { verdict: 'stays', seen: `still ${left.State}` } : { verdict: 'works', seen: 'gone' };
  },
};

export const CHANGES: readonly Probe[] = [order, once, update, reshard, recreated, noStream, twice, deletedDisabled];
