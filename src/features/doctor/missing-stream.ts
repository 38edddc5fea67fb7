import { behaviourOf } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, type FindingCode, type FindingSubject, finding, iso } from './catalog.ts';
import { type Arn, type EngineFacts, type Facts, type MappingFacts, parseStreamArn } from './facts.ts';
import { type StreamLog, streamLog } from './stream-log.ts';

/** What is known of a stream that a mapping reads and the engine does not have. */
interface Lost extends StreamLog {
  mapping: MappingFacts;
  engine: EngineFacts;
  stream: Arn;
  /** A stream of this name in another region or account; in the same account, if there is one. */
  other: Arn | undefined;
  /** The mapping is older than this run of the engine. Only paid persistence restores mappings. */
  restored: boolean;
  /** The engine makes no mapping whose stream does not exist, so it existed once. */
  existed: boolean;
  logFile: string | undefined;
}

type Words = string | ((lost: Lost) => string);

interface Cause {
  code: FindingCode;
  applies(lost: Lost): boolean;
  problem: Words;
  evidence: Words;
  fix: Words;
}

const ORDER = 'make the stream first, see it ACTIVE, then make the mapping: ready-hooks apply does';

const gone = ({ mapping: { uuid, state }, stream }: Lost) =>
  `mapping ${uuid} is ${state}, and the engine has no stream ${stream.arn}`;
const elsewhere = ({ stream, other }: Lost) => `the mapping reads ${stream.arn}; the engine has ${other?.arn}`;
const logged = (what: string) => (lost: Lost) => `${gone(lost)}; ${lost.logFile} has ${what}`;
const likely = (what: string) => logged(`${what}, which names no stream, so that this is likely and not certain`);

const DELETED = {
  code: 'RH108',
  problem: 'The stream was deleted under its mapping.',
  fix: 'make the stream again, then delete the mapping and make it anew: ready-hooks apply does',
} as const;

/** In the order in which they are tried: what the engine shows, then what its log shows. */
const CAUSES: readonly Cause[] = [
  {
    code: 'RH103',
    applies: ({ stream, other }) => other?.account === stream.account,
    problem: ({ stream, other }) =>
      `The stream ${stream.name} is in ${other?.region}, and the mapping looks for it in ${stream.region}.`,
    evidence: elsewhere,
    fix: ({ stream, other }) =>
      `make both in one region: pass --region ${stream.region} (or AWS_REGION, AWS_DEFAULT_REGION) to what makes the stream, or use ${other?.region} in the mapping's ARN`,
  },
  {
    code: 'RH104',
    applies: ({ other }) => other !== undefined,
    problem: ({ stream, other }) =>
      `The stream ${stream.name} is in account ${other?.account}, and the mapping looks for it in ${stream.account}.`,
    evidence: elsewhere,
    fix: 'an access key id of 12 digits is the account, any other is 000000000000: use the same key (test) for everything',
  },
  {
    code: 'RH110',
    applies: ({ restored }) => restored,
    problem: 'The mapping was restored from an earlier run, and its stream was not.',
    evidence: (lost) =>
      `${gone(lost)}; the mapping is of ${iso(lost.mapping.modifiedAt)}, the engine started at ${iso(lost.engine.startedAt)}`,
    fix: 'make the stream again (a ready hook does at each start), then delete the mapping and make it anew',
  },
  {
    code: 'RH109',
    applies: ({ restarted }) => restarted,
    problem: 'The Kinesis engine ended and was started again without the stream.',
    evidence: logged('"Restarting process (received exit code …" of the Kinesis engine'),
    fix: 'make the stream again and, if the mapping stays silent, the mapping; give the engine more memory if it was killed for it',
  },
  {
    code: 'RH107',
    applies: ({ deleted, rejected }) => deleted && rejected?.error === 'ResourceInUseException',
    problem: 'CreateStream was refused while the old stream was DELETING, and then there was none.',
    evidence: likely('DeleteStream => 200, then CreateStream => 400 (ResourceInUseException)'),
    fix: 'after DeleteStream wait until the stream is gone, and take ResourceInUseException for success only when the stream is ACTIVE',
  },
  {
    code: 'RH106',
    applies: ({ deleted, created }) => deleted && created,
    problem: 'The stream was made anew before the old one was gone, and vanished with it (localstack#9171).',
    evidence: likely('DeleteStream => 200, then CreateStream => 200'),
    fix: 'after DeleteStream wait until the stream is gone (about 0.5 s), then make it',
  },
  {
    code: 'RH102',
    applies: ({ deleted, rejected, wasRead }) => !deleted && rejected !== undefined && !wasRead,
    problem: 'CreateStream failed, and the script that called it went on to make the mapping.',
    evidence: (lost) => likely(`CreateStream => ${lost.rejected?.status} (${lost.rejected?.error ?? 'no name'})`)(lost),
    fix: `end the script when CreateStream fails (set -e; no catch that only logs), and ${ORDER}`,
  },
  { ...DELETED, applies: ({ deleted }) => deleted, evidence: logged('DeleteStream => 200') },
  { ...DELETED, applies: ({ wasRead }) => wasRead, evidence: logged('GetRecords … not found') },
  {
    ...DELETED,
    applies: ({ existed }) => existed,
    evidence: (lost) => `${gone(lost)}; ${lost.engine.name} makes no mapping without its stream`,
  },
];

const MAPPING_FIRST: Cause = {
  code: 'RH101',
  applies: () => true,
  problem:
    'The mapping was made before its stream; this engine accepts that and then finds no stream (localstack#12141).',
  evidence: (lost) => `${gone(lost)}; ${lost.engine.name} accepts a mapping without its stream`,
  fix: `${ORDER}; LocalStack 4.3 and newer refuse such a mapping at once`,
};

/** Why "Stream arn … not found" is logged for a mapping whose stream does not exist. */
export function missingStream(mapping: MappingFacts, facts: Facts, subject: FindingSubject): Finding {
  const lost = lostStream(mapping, facts);
  const { code, problem, evidence, fix } = CAUSES.find(({ applies }) => applies(lost)) ?? MAPPING_FIRST;
  const inWords = (words: Words) => (typeof words === 'string' ? words : words(lost));
  return finding(code, subject, inWords(problem), inWords(evidence), inWords(fix));
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
    existed: engine.product === 'localstack' && behaviourOf(engine.version)?.missingStream === 'refused',
    logFile: log?.file,
  };
}
