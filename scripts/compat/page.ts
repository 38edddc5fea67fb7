import { type Cell, CHECKS } from './result.ts';
import { compatibilityTables } from './table.ts';

export const PAGE = new URL('../../docs/compatibility.md', import.meta.url);

/** The results of the runs: the day of each engine's last run, and every cell. */
export interface Matrix {
  runs: Record<string, string>;
  cells: readonly Cell[];
}

/** docs/compatibility.md: which engines and Nodes were run, which failed and why, and how versions differ. */
export function page({ runs, cells }: Matrix): string {
  return `# Compatibility

To check your own engine, run \`npx ready-hooks doctor\`. It reports an engine that is too old or that loses records.

## Engines and Node.js versions

${matrixTable({ runs, cells })}

"Works" means all of this:

- The engine ran the hook, and the hook exited with code 0.
- 20 of 20 events arrived in S3, each exactly once.
- Running the hook again by hand changed nothing.
- \`npx ready-hooks status\` reported ready, and \`npx ready-hooks doctor\` found nothing that blocks delivery;
  in runs since 2026-11-30 both on the same Node.js, from version 20 on.

${notes(cells)}

The hooks ran on Node.js 18.20.8, 20.20.2, 22.23.3, 24.21.0 and 26.10.0. The command line itself needs Node.js 20 or newer.

Read these results with care:

- **LocalStack in Docker**: the images were built from LocalStack's packages on PyPI and ran functions as processes. The images from Docker Hub were
  not available where the tests ran.
- **LocalStack 2026.3.0**: the open packages on PyPI were tested, which need no token. The image needs one and is another product: since July 2026, it
  has another Kinesis engine by default. It was not tested.
- **Floci 1.7.0**: the image was built from source without the Glue registry and MySQL, and functions ran in a substitute for AWS's Lambda image. Floci's image has no Node.js; the tests mounted one.
- **Function runtime**: all tests used \`nodejs20.x\`, because LocalStack 3.8.1 does not know the default, \`nodejs22.x\`. \`apply\` rejects an unknown
  runtime before it creates anything.

## Differences between LocalStack versions

\`apply\` and \`doctor\` know these differences. Each row holds until the next one.

${compatibilityTables()}

This is how \`apply\` reacts:

- It **rejects**, before it creates anything, an engine older than 3.0, a Lambda runtime that the engine does not list, a filter that does not work on
  the engine ([RH119](troubleshooting.md#rh119-a-filter-does-not-work-on-this-engine)), and \`AT_TIMESTAMP\`, which never delivered on any LocalStack
  tested.
- It **warns** if a mapping sets a batching window, a record age or a bucket for failed batches that the engine ignores, and if the engine loses records when idle.

The loss of records after idle time was seen on 4.2.0 and not on 4.14.0; 4.3 removed the pause that causes it
([localstack#12415](https://github.com/localstack/localstack/pull/12415)). An engine that does not report its version is treated as new. Versions missing from the first table were checked in LocalStack's source only.

## LocalEmu, MiniStack and Floci

[engines.md](engines.md) shows which settings of a mapping they honour. \`apply\` warns if a definition asks an engine for more.

- **LocalEmu** runs LocalStack's code on another Kinesis. A new mapping stays \`Creating\` for a second. The official image was not
  available; it has no Node.js: see [Images without Node.js](compose.md#images-without-nodejs).
- **Floci** 1.7.0 honours only the batch size of a mapping, always starts at TRIM_HORIZON, and takes a batch for handled once the function
  returns. Newer sources add filters on \`data\` ([floci#3060](https://github.com/floci-io/floci/pull/3060)), the starting position in
  responses ([floci#2369](https://github.com/floci-io/floci/issues/2369)) and \`batchItemFailures\`; they were read, not run.
`;
}

function matrixTable({ runs, cells }: Matrix): string {
  const nodes = [...new Set(cells.map(({ node }) => node))];
  const engines = [...new Set(cells.map(({ engine }) => engine))];
  const line = (texts: string[]) => `| ${texts.join(' | ')} |`;
  const of = (engine: string, node: string) => {
    const cell = cells.find((each) => each.engine === engine && each.node === node);
    if (!cell) return '–';
    const failed = CHECKS.filter((check) => cell.outcomes[check] !== 'ok');
    return failed.length === 0 ? 'works' : failed.length === CHECKS.length ? '**no**' : `**not** ${failed.join(', ')}`;
  };
  return [
    line(['engine', 'tested on', ...nodes.map((node) => `Node ${node}`)]),
    line(['---', '---', ...nodes.map(() => '---')]),
    ...engines.map((engine) => line([engine, runs[engine] ?? 'never', ...nodes.map((node) => of(engine, node))])),
  ].join('\n');
}

/** Each reason once, with the cells it applies to. */
function notes(cells: readonly Cell[]): string {
  const reasons = new Map<string, string[]>();
  for (const { engine, node, outcomes } of cells)
    for (const check of CHECKS) {
      const reason = outcomes[check];
      if (reason === 'ok' || reason === 'not reached') continue;
      const key = `${engine}: ${reason}`;
      const nodes = reasons.get(key) ?? [];
      reasons.set(key, nodes.includes(node) ? nodes : [...nodes, node]);
    }
  if (reasons.size === 0) return 'No combination failed; those marked – were not tested.';
  return ['These failed:', '', ...[...reasons].map(([reason, nodes]) => `- ${reason} (Node ${nodes.join(', ')})`)].join(
    '\n',
  );
}
