import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coldStarts } from './bench/cold.ts';
import { containerStarts } from './bench/container.ts';
import { contenders } from './bench/contenders.ts';
import { type Prepared, withEngine } from './bench/engine.ts';
import { grow, MANY, onNew, onOne } from './bench/growth.ts';
import { page as pageOf } from './bench/page.ts';
import { installCdk, installPeers, peerVersions } from './bench/peers/peers.ts';
import { pictures } from './bench/pictures.ts';
import { packFunction } from './bench/pipeline.ts';
import { PLANS, type Plan } from './bench/plans.ts';
import { race } from './bench/race.ts';
import { rawClient } from './bench/raw.ts';
import { about, isBusy, QUIET_LOAD, type Results } from './bench/results.ts';
import { spreadOf } from './bench/stats.ts';
import { targetsOf } from './bench/targets.ts';
import { runScript, script } from './run.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));

const command = script(
  'npm run bench',
  'Measure ready-hooks, the floor and other tools side by side, and write docs/performance.md, its JSON and its pictures.',
)
  .option('--quick', 'measure less, and write nothing')
  .option('--page', 'measure nothing: regenerate the page and the pictures from docs/performance.json');

await runScript<{ quick?: true; page?: true }>(command, async ({ quick, page }, signal) => {
  if (page) return write(JSON.parse(await readFile(join(DOCS, 'performance.json'), 'utf8')));
  const startedAt = performance.now();
  // Before the peers are installed, which makes load.
  const described = about();
  if (isBusy(described.machine))
    console.log(
      `The load is ${described.machine.loadBefore}, over ${QUIET_LOAD}: the page will say that the machine was busy.`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-bench-'));
  try {
    const peers = await installPeers({ onProgress: console.log, signal });
    await installCdk({ onProgress: console.log, signal });
    const { source, zip } = await packFunction(folder);
    const results = await measure(
      { ...described, versions: { ...described.versions, ...(await peerVersions()) } },
      { folder, source, zip, peers, signal, coldRaw: [] },
      quick ? PLANS.quick : PLANS.full,
    );
    for (const { target, seen, met } of targetsOf(results))
      console.log(`${met ? 'met    ' : 'NOT MET'} ${target}: ${seen}`);
    if (!quick) await write(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
    console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
});

async function measure(described: ReturnType<typeof about>, prepared: Prepared, plan: Plan): Promise<Results> {
  const [few, many] = [
    plan.growth.filter(({ pipelines }) => pipelines < MANY),
    plan.growth.filter(({ pipelines }) => pipelines >= MANY),
  ];
  const warm = await withEngine(prepared, async (bench) => {
    const lone = rawClient(bench.endpoint);
    const entries = await contenders(bench, lone);
    const one = await race(bench, entries, { pipelines: 1, rounds: plan.one, warmUp: true });
    const ten = await race(bench, entries, { pipelines: 10, rounds: plan.ten });
    const growth = [];
    for (const size of few) growth.push(await grow(onOne(bench), size));
    lone.close();
    return { one, ten, growth, latencies: Object.fromEntries(lone.medians()) };
  });
  const cold = await coldStarts(prepared, plan.cold);
  const container = await containerStarts(prepared, plan.cold);
  const growth = warm.growth;
  for (const size of many) growth.push(await grow(onNew(prepared), size));
  return {
    ...described,
    ...warm,
    growth,
    cold: { ...cold, raw: spreadOf(prepared.coldRaw) },
    ...(container && { container }),
  };
}

async function write(results: Results): Promise<void> {
  const files = {
    'performance.json': `${JSON.stringify(results, undefined, 2)}\n`,
    'performance.md': pageOf(results),
    ...pictures(results),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(DOCS, name), text);
  console.log(`wrote ${Object.keys(files).join(', ')} to docs/`);
}
