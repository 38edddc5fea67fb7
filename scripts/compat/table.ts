import { RUNTIME_SINCE, SDK_NODE, VERSIONS, type VersionRow } from './versions.ts';

const yes = (value: boolean) => (value ? 'yes' : 'no');

/** The columns of docs/compatibility.md: the table that apply and doctor use, and facts for readers only. */
const COLUMNS: [string, (row: VersionRow) => string][] = [
  ['since LocalStack', ({ since }) => since],
  ['node in the image', ({ node }) => String(node)],
  ['mapping on a missing stream', ({ missingStream }) => (missingStream === 'accepted' ? 'accepted' : 'rejected')],
  ['`Ready.` after the hooks', ({ readyAfterHooks }) => yes(readyAfterHooks)],
  ['hooks in subfolders', ({ hooksInSubfolders }) => yes(hooksInSubfolders)],
  ['AWS environment in hooks', ({ awsEnvironmentInHooks }) => yes(awsEnvironmentInHooks)],
  ['batching window', ({ batchingWindow }) => yes(batchingWindow)],
  ['record age', ({ recordAge }) => yes(recordAge)],
  ['`onFailure` to a bucket', ({ bucketDestination }) => yes(bucketDestination)],
  ['loses records when idle', ({ losesRecordsWhenIdle }) => yes(losesRecordsWhenIdle)],
  ['needs a token', ({ tokenNeeded }) => yes(tokenNeeded)],
];

/** The tables of docs/compatibility.md as Markdown. */
export function compatibilityTables(): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const runtimes = Object.entries(RUNTIME_SINCE).map(([runtime, since]) => `\`${runtime}\` since ${since}`);
  const sdk = SDK_NODE.map(({ since, node }) => `Node ${node} since ${since}`);
  return [
    line(COLUMNS.map(([title]) => title)),
    line(COLUMNS.map(() => '---')),
    ...VERSIONS.map((row) => line(COLUMNS.map(([, cell]) => cell(row)))),
    '',
    `Lambda runtimes: ${runtimes.join(', ')}. AWS SDK v3 clients require: ${sdk.join(', ')}.`,
  ].join('\n');
}
