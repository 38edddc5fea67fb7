import { PROBES } from './measure.ts';
import type { Probe, Verdict } from './probe.ts';
import type { Measured } from './results.ts';

export const PAGE = new URL('../../../docs/engines.md', import.meta.url);

/** docs/engines.md: what each engine does with each setting. */
export function enginesPage(measured: Measured): string {
  const settings = PROBES.filter(({ setting }) => setting);
  const events = PROBES.filter(({ setting }) => !setting);
  return `# What engines do with a mapping

Which settings of an event source mapping an engine really honours, counted by the records that reached a function, not by what its API
returns. **Bold** is not as on AWS. In a clone, \`npm run compat -- --settings\` measures it again ([what was counted](engines.json)).

${table('setting', settings, measured)}

${table('event', events, measured)}

- works: as AWS documents it, see below; ignored: accepted, but without effect; rejected: CreateEventSourceMapping fails.
- loses or repeats records: some never arrived, or again; delivers nothing: none arrived; stays: the mapping is never gone.

AWS was not measured: what it does is from its documentation. All engines ran as processes, from their packages on PyPI, and so did the functions.
The packages of LocalStack 2026.3.0 need no token; its image needs one and is another product. Floci has no package: see [compatibility.md](compatibility.md#localemu-ministack-and-floci).

What this means in use: [delivery.md](delivery.md). \`apply\` warns if a definition asks for a setting that the engine ignores.

## What was tested

${PROBES.map(({ title, works }) => `- ${title}: ${works}.`).join('\n')}
`;
}

function table(title: string, probes: readonly Probe[], measured: Measured): string {
  const engines = Object.entries(measured);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line([title, ...engines.map(([name]) => name.replace(' without Docker', ''))]),
    line(['---', ...engines.map(() => '---')]),
    ...probes.map((probe) =>
      line([probe.title, ...engines.map(([, { outcomes }]) => shown(probe, outcomes[probe.title]?.verdict))]),
    ),
    line(['measured on', ...engines.map(([, { measuredOn }]) => measuredOn)]),
  ].join('\n');
}

/** Most cells are as on AWS, so the others stand out. */
function shown({ right = 'works' }: Probe, verdict: Verdict | undefined) {
  return verdict === right || verdict === undefined ? right : `**${verdict}**`;
}
