import { callsWith, deliveries, hasAll, ids, missing, sizes } from './counts.ts';
import type { Probe } from './probe.ts';

const batchSize: Probe = {
  title: '`batchSize`',
  works: '10 records at `batchSize: 3`: no batch has more than 3',
  setting: 'batchSize',
  async run(lab) {
    const stream = await lab.stream();
    const sent = ids(10);
    await lab.put(stream, sent);
    const calls = await lab.until(await lab.read(stream, { BatchSize: 3 }), hasAll(sent), 15_000);
    const seen = `batches of ${sizes(calls).join(', ')}`;
    if (missing(sent, calls).length > 0) return { verdict: 'loses records', seen };
    return { verdict: Math.max(...sizes(calls)) <= 3 ? 'works' : 'ignored', seen };
  },
};

const batchingWindow: Probe = {
  title: '`maximumBatchingWindowSeconds`',
  works: 'a record every 0.3 s at 3 s: at most half as many batches as without',
  setting: 'maximumBatchingWindowSeconds',
  async run(lab) {
    const stream = await lab.stream();
    const [plain, waiting] = [
      await lab.read(stream, { BatchSize: 100 }),
      await lab.read(stream, { BatchSize: 100, MaximumBatchingWindowInSeconds: 3 }),
    ];
    const first = ids(1, 'first');
    await lab.put(stream, first);
    await Promise.all([plain, waiting].map((reader) => lab.until(reader, hasAll(first), 20_000)));
    const sent = ids(20);
    for (const record of sent) {
      await lab.put(stream, [record]);
      await lab.sleep(300);
    }
    const [without, with3] = await Promise.all(
      [plain, waiting].map(async (reader) => (await lab.until(reader, hasAll(sent), 20_000)).length - 1),
    );
    const seen = `${with3} batches, ${without} without`;
    return { verdict: (with3 ?? 0) <= (without ?? 0) / 2 ? 'works' : 'ignored', seen };
  },
};

const filters: Probe = {
  title: '`filters` on `data`',
  works: 'of records of kinds a and b, those of kind a',
  setting: 'filters',
  async run(lab) {
    const stream = await lab.stream();
    await lab.put(stream, [
      { id: 'b1', kind: 'b' },
      { id: 'a1', kind: 'a' },
      { id: 'b2', kind: 'b' },
      { id: 'a2', kind: 'a' },
    ]);
    const Filters = [{ Pattern: JSON.stringify({ data: { kind: ['a'] } }) }];
    const reader = await lab.read(stream, { FilterCriteria: { Filters } });
    const wanted = [{ id: 'a1' }, { id: 'a2' }];
    await lab.until(reader, hasAll(wanted), 15_000);
    const calls = await lab.later(reader, 2_000);
    const seen = `delivered: ${[...deliveries(calls).keys()].join(', ') || 'nothing'}`;
    if (missing(wanted, calls).length > 0) return { verdict: 'loses records', seen };
    return { verdict: callsWith('b1', calls).length === 0 ? 'works' : 'ignored', seen };
  },
};

const parallelizationFactor: Probe = {
  title: '`parallelizationFactor`',
  busy: true,
  works: '6 slow records of one shard, at 4: calls overlap',
  setting: 'parallelizationFactor',
  async run(lab) {
    const stream = await lab.stream();
    const sent = ids(6).map((record) => ({ ...record, do: 'take time' as const }));
    await lab.putEach(stream, sent);
    const calls = await lab.until(
      await lab.read(stream, { BatchSize: 1, ParallelizationFactor: 4 }),
      hasAll(sent),
      20_000,
    );
    const overlaps = calls.filter(({ startedAt }, n) => n > 0 && startedAt < (calls[n - 1]?.endedAt ?? 0)).length;
    return { verdict: overlaps > 0 ? 'works' : 'ignored', seen: `${overlaps} of ${calls.length} calls overlapped` };
  },
};

const tumblingWindow: Probe = {
  title: '`tumblingWindowSeconds`',
  works: 'the event has its window',
  setting: 'tumblingWindowSeconds',
  async run(lab) {
    const stream = await lab.stream();
    const sent = ids(3);
    await lab.put(stream, sent);
    const calls = await lab.until(await lab.read(stream, { TumblingWindowInSeconds: 2 }), hasAll(sent), 15_000);
    const seen = `${calls.filter(({ window }) => window).length} of ${calls.length} events had a window`;
    return { verdict: calls.some(({ window }) => window) ? 'works' : 'ignored', seen };
  },
};

export const BATCHES: readonly Probe[] = [batchSize, batchingWindow, filters, parallelizationFactor, tumblingWindow];
