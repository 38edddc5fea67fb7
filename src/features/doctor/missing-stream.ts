import { behaviourOf } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, type FindingCode, type FindingSubject, finding, iso } from './catalog.ts';
import { type Arn, type EngineFacts, type Facts, type MappingFacts, parseStreamArn } from './facts.ts';
import { type StreamLog, streamLog } from './stream-log.ts';

/** Facts about a stream that a mapping reads but the engine does not have. */
interface Lost extends StreamLog {
  mapping: MappingFacts;
  engine: EngineFacts;
  stream: Arn;
  /** A stream with this name in another region or account, preferably in the same account. */
  other: Arn | undefined;
  /** The mapping is older than this run of the engine. Only LocalStack's paid persistence restores mappings. */
  restored: boolean;
  /** The engine rejects a mapping without its stream, so the stream once existed. */
  existed: boolean;
  logFile: string | undefined;
}

type Text = string | ((lost: Lost) => string);

interface Cause {
  code: FindingCode;
  applies(lost: Lost): boolean;
  problem: Text;
  evidence: Text;
  fix: Text;
}

const ORDER = 'create the stream, wait until it is ACTIVE, then create the mapping, as npx ready-hooks apply does';

const gone = ({ mapping: { uuid, state }, stream }: Lost) =>
  `mapping ${uuid} is ${state}, but the engine has no stream ${stream.arn}`;
const elsewhere = ({ stream, other }: Lost) => `the mapping reads ${stream.arn}; the engine has ${other?.arn}`;
const logged = (lines: string) => (lost: Lost) => `${gone(lost)}; ${lost.logFile} contains ${lines}`;
const likely = (lines: string) => logged(`${lines} (the log names no stream, so this is likely but not certain)`);

const DELETED = {
  code: 'RH108',
  problem: 'The stream was deleted, but its mapping still exists.',
  fix: 're-create the stream, then delete and re-create the mapping, as npx ready-hooks apply does',
} as const;

/** In the order of checking: causes that the engine shows, then those that its log shows. */
const CAUSES: readonly Cause[] = [
  {
    code: 'RH103',
    applies: ({ stream, other }) => other?.account === stream.account,
    problem: ({ stream, other }) =>
      `The stream ${stream.name} is in ${other?.region}, but the mapping reads it in ${stream.region}.`,
    evidence: elsewhere,
    fix: ({ stream, other }) =>
      `create both in one region: pass --region ${stream.region} (or AWS_REGION, AWS_DEFAULT_REGION) to the tool that creates the stream, or use ${other?.region} in the mapping's ARN`,
  },
  {
    code: 'RH104',
    applies: ({ other }) => other !== undefined,
    problem: ({ stream, other }) =>
      `The stream ${stream.name} is in account ${other?.account}, but the mapping reads it in ${stream.account}.`,
    evidence: elsewhere,
    fix: 'use the same access key ID (test) everywhere: one that starts with 12 digits selects that account, any other selects 000000000000',
  },
  {
    code: 'RH110',
    applies: ({ restored }) => restored,
    problem: 'The mapping was restored from an earlier run, but its stream was not.',
    evidence: (lost) =>
      `${gone(lost)}; the mapping dates from ${iso(lost.mapping.modifiedAt)}, the engine started at ${iso(lost.engine.startedAt)}`,
    fix: 're-create the stream (a ready hook does so at each start), then delete and re-create the mapping',
  },
  {
    code: 'RH109',
    applies: ({ restarted }) => restarted,
    problem: 'The Kinesis engine stopped and was restarted without the stream.',
    evidence: logged('"Restarting process (received exit code …" for the Kinesis engine'),
    fix: 're-create the stream and, if the mapping stays silent, the mapping; if the Kinesis engine ran out of memory, give the engine more',
  },
  {
    code: 'RH107',
    applies: ({ deleted, rejected }) => deleted && rejected?.error === 'ResourceInUseException',
    problem: 'CreateStream was rejected while the old stream was still DELETING, so no stream was left afterwards.',
    evidence: likely('DeleteStream => 200, then CreateStream => 400 (ResourceInUseException)'),
    fix: 'after DeleteStream, wait until the stream is gone; treat ResourceInUseException as success only if the stream is ACTIVE',
  },
  {
    code: 'RH106',
    applies: ({ deleted, created }) => deleted && created,
    problem: 'The stream was re-created before the old one was gone, and disappeared with it.',
    evidence: likely('DeleteStream => 200, then CreateStream => 200'),
    fix: 'after DeleteStream, wait until the stream is gone (about 0.5 s), then create it',
  },
  {
    code: 'RH102',
    applies: ({ deleted, rejected, wasRead }) => !deleted && rejected !== undefined && !wasRead,
    problem: 'CreateStream failed, but the script continued and created the mapping.',
    evidence: (lost) => likely(`CreateStream => ${lost.rejected?.status} (${lost.rejected?.error ?? 'no name'})`)(lost),
    fix: `stop the script when CreateStream fails (set -e; no catch that only logs), and ${ORDER}`,
  },
  { ...DELETED, applies: ({ deleted }) => deleted, evidence: logged('DeleteStream => 200') },
  { ...DELETED, applies: ({ wasRead }) => wasRead, evidence: logged('GetRecords … not found') },
  {
    ...DELETED,
    applies: ({ existed }) => existed,
    evidence: (lost) =>
      `${gone(lost)}; ${lost.engine.name} rejects a mapping without its stream, so the stream once existed`,
  },
];

const MAPPING_FIRST: Cause = {
  code: 'RH101',
  applies: () => true,
  problem:
    'The mapping was created before its stream; this engine accepts that, and its poller fails until the stream exists (localstack#12141).',
  evidence: (lost) => `${gone(lost)}; ${lost.engine.name} accepts a mapping without its stream`,
  fix: `${ORDER}; LocalStack 4.3 and newer reject such a mapping`,
};

/** Why "Stream arn … not found" is logged for a mapping whose stream does not exist. */
export function missingStream(mapping: MappingFacts, facts: Facts, subject: FindingSubject): Finding {
  const lost = lostStream(mapping, facts);
  const { code, problem, evidence, fix } = CAUSES.find(({ applies }) => applies(lost)) ?? MAPPING_FIRST;
  const render = (text: Text) => (typeof text === 'string' ? text : text(lost));
  return finding(code, subject, render(problem), render(evidence), render(fix));
}

function lostStream(mapping: MappingFacts, { engine, log }: Facts): Lost {
  const { stream, modifiedAt = Number.POSITIVE_INFINITY } = mapping;
  const others = mapping.elsewhere.flatMap((arn) => parseStreamArn(arn) ?? []);
  return {
    ...streamLog(log?.events ?? [], stream.arn),
    mapping,
    engine,
    stream,
    other: others.find(({ account }) => account === stream.account) ?? others[0],
    restored: engine.licensed === true && engine.startedAt !== undefined && modifiedAt < engine.startedAt,
    existed: engine.product === 'localstack' && behaviourOf(engine.version)?.missingStream === 'rejected',
    logFile: log?.file,
  };
}
