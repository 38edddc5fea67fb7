import { deliveries, hasAll, ids, missing } from './counts.ts';
import type { Probe } from './probe.ts';

const trimHorizon: Probe = {
  title: '`TRIM_HORIZON`',
  works: '3 records from before the mapping and 3 from after it, each once',
  setting: 'startingPosition',
  async run(lab) {
    const stream = await lab.stream();
    const [old, later] = [ids(3, 'old'), ids(3, 'new')];
    await lab.put(stream, old);
    const reader = await lab.read(stream);
    await lab.put(stream, later);
    const calls = await lab.until(reader, hasAll([...old, ...later]), 15_000);
    const lost = missing([...old, ...later], calls).length;
    return { verdict: lost > 0 ? 'loses records' : 'works', seen: `${lost} of 6 records lost` };
  },
};

const SHARDS = 4;
const STREAMS = 3;

/** The gap after Enabled is short, so it takes several shards and streams to hit it in each run. */
const latest: Probe = {
  title: '`LATEST`',
  works: 'every record put after `Enabled`, on streams that hold records, and no older one',
  setting: 'startingPosition',
  async run(lab) {
    let [lost, sent, older] = [0, 0, 0];
    for (let n = 0; n < STREAMS; n++) {
      const stream = await lab.stream(SHARDS);
      await lab.put(stream, ids(8, 'old'), SHARDS);
      const reader = await lab.read(stream, { StartingPosition: 'LATEST' });
      const rounds = Array.from({ length: 25 }, (_, round) => ids(SHARDS, `new${round}-`));
      for (const records of rounds) {
        await lab.put(stream, records, SHARDS);
        await lab.sleep(20);
      }
      const all = rounds.flat();
      // The last round proves that every shard is read; earlier records can then no longer come.
      await lab.until(reader, hasAll(rounds.at(-1) ?? []), 20_000);
      const calls = await lab.later(reader, 500);
      lost += missing(all, calls).length;
      sent += all.length;
      older += [...deliveries(calls).keys()].filter((id) => id.startsWith('old')).length;
    }
    const seen = `${lost} of ${sent} records lost, ${older} older ones delivered`;
    return { verdict: lost > 0 ? 'loses records' : older > 0 ? 'ignored' : 'works', seen };
  },
};

const atTimestamp: Probe = {
  title: '`AT_TIMESTAMP`',
  works: 'the records after that time, and no older one',
  setting: 'startingPosition',
  async run(lab) {
    const stream = await lab.stream();
    const [old, later] = [ids(3, 'old'), ids(3, 'new')];
    await lab.put(stream, old);
    await lab.sleep(1_500);
    const StartingPositionTimestamp = new Date();
    await lab.sleep(1_500);
    await lab.put(stream, later);
    const reader = await lab.read(stream, { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
    const last = ids(6, 'last');
    for (const record of last) {
      await lab.sleep(1_000);
      await lab.put(stream, [record]);
    }
    const wanted = [...later, ...last];
    await lab.until(reader, hasAll(wanted), 10_000);
    const calls = await lab.later(reader, 1_000);
    const [lost, older] = [missing(wanted, calls).length, 3 - missing(old, calls).length];
    const seen = `${9 - lost} of 9 records and ${older} older ones delivered`;
    if (calls.length === 0) return { verdict: 'delivers nothing', seen };
    return { verdict: lost > 0 ? 'loses records' : older > 0 ? 'ignored' : 'works', seen };
  },
};

const enabled: Probe = {
  title: '`enabled: false`',
  works: 'no record, until the mapping is enabled',
  setting: 'enabled',
  async run(lab) {
    const stream = await lab.stream();
    const sent = ids(3);
    await lab.put(stream, sent);
    const reader = await lab.read(stream, { Enabled: false });
    const early = await lab.later(reader, 4_000);
    if (early.length > 0) return { verdict: 'ignored', seen: `${early.length} calls while disabled` };
    await lab.aws.call('UpdateEventSourceMapping', { UUID: reader.uuid, Enabled: true });
    const lost = missing(sent, await lab.until(reader, hasAll(sent), 15_000)).length;
    return { verdict: lost > 0 ? 'loses records' : 'works', seen: `${lost} of 3 records lost` };
  },
};

export const POSITIONS: readonly Probe[] = [trimHorizon, latest, atTimestamp, enabled];
