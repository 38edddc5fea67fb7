import { type Cell, CHECKS } from './result.ts';
import { compatibilityTables } from './table.ts';

export const PAGE = new URL('../../docs/compatibility.md', import.meta.url);

/** What runs gave: the day of each engine's last run, and every cell. */
export interface Matrix {
  runs: Record<string, string>;
  cells: readonly Cell[];
}

/** docs/compatibility.md: what was run, what did not work and why, and what differs between versions. */
export function page({ runs, cells }: Matrix): string {
  return `# Compatibility

\`npm run compat\` starts each engine once with four hooks in its ready.d, one for each Node.js, writes this page, and fails where a cell is not as
committed (scripts/compat/expected.json). A cell is: the engine runs the hook and it ends well; 20 of 20 events are in S3, each once; run
again by hand, the hook changes nothing; \`status\` is ready; \`doctor\` finds nothing that stops delivery.

${matrixTable({ runs, cells })}

${notes(cells)}

Node.js 18.20.8, 20.20.2, 22.23.3, 24.21.0 and 26.10.0 ran the hooks (scripts/compat/nodes). The command line itself needs Node.js 20. In Docker, the
images were built on the machine of the run from LocalStack's packages on PyPI, since it could pull none, and run functions as processes.
The functions are \`nodejs20.x\`: 3.8.1 does not know
\`nodejs22.x\`, the default, and \`apply\` refuses it there before it creates anything. 2026.3.0 needs a token as an image from Docker Hub, and none as
the open packages on PyPI that were run. Floci's image was built from its source at 1.7.0, without its Glue registry and MySQL, and its functions ran in containers of
an image with Node and a small client of the Lambda runtime API in place of AWS's. It has no node of its own: the hooks brought theirs.

## What differs between versions of LocalStack

What \`apply\` and \`doctor\` use ([src/runtime/engine/localstack-versions.ts](../src/runtime/engine/localstack-versions.ts)). A row holds up to the next one.

${compatibilityTables()}

- \`apply\` refuses an engine older than the table before it creates anything, and warns where a mapping's batching window or record age is not
  honoured, or the engine loses records when idle. It refuses a Lambda runtime that the engine does not list at \`/_aws/lambda/runtimes\`.
- That records are lost when idle was seen on 4.2.0 and not on 4.14.0; that it ended with 4.3 is assumed.
- \`AT_TIMESTAMP\` never delivers on any LocalStack that was tried; \`apply\` refuses it.
- MiniStack honours the batch size and the filters of a mapping, and Floci its batch size and no starting position but TRIM_HORIZON; \`apply\`
  warns of what a definition asks for beyond that. Both take a batch for handled when the function answers, also with \`batchItemFailures\`.
- An engine that tells no version is taken to be new.
- Rows of versions that the matrix does not run were read in LocalStack's source.
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
    line(['engine', 'run on', ...nodes.map((node) => `Node ${node}`)]),
    line(['---', '---', ...nodes.map(() => '---')]),
    ...engines.map((engine) => line([engine, runs[engine] ?? 'never', ...nodes.map((node) => of(engine, node))])),
  ].join('\n');
}

/** Each reason once, with the cells it holds for. */
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
  if (reasons.size === 0) return 'No cell failed.';
  return [
    'What does not work, and why:',
    '',
    ...[...reasons].map(([reason, nodes]) => `- ${reason} (Node ${nodes.join(', ')})`),
  ].join('\n');
}
