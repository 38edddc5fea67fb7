import { behaviourOf } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, finding } from './catalog.ts';
import { type Facts, type LogEvent, type MappingFacts, parseStreamArn } from './facts.ts';

const ORDER = 'make the stream first, see it ACTIVE, then make the mapping: ready-hooks apply does';

/** Why "Stream arn … not found" is said of a mapping whose stream is not there: facts of the engine first, then its log. */
export function missingStream(mapping: MappingFacts, facts: Facts, subject: string): Finding {
  const { stream, uuid } = mapping;
  const gone = `mapping ${uuid} is ${mapping.state}, and the engine has no stream ${stream.arn}`;
  return elsewhere(mapping, subject) ?? restored(mapping, facts, subject, gone) ?? byLog(mapping, facts, subject, gone);
}

function elsewhere({ stream, elsewhere: found }: MappingFacts, subject: string): Finding | undefined {
  const arns = found.flatMap((arn) => parseStreamArn(arn) ?? []);
  const [other] = arns.filter(({ account }) => account === stream.account).concat(arns);
  if (!other) return undefined;
  const evidence = `the mapping reads ${stream.arn}; the engine has ${other.arn}`;
  if (other.account === stream.account)
    return finding(
      'RH103',
      subject,
      `The stream ${stream.name} is in ${other.region}, and the mapping looks for it in ${stream.region}.`,
      evidence,
      `make both in one region: pass --region ${stream.region} (or AWS_REGION, AWS_DEFAULT_REGION) to what makes the stream, or use ${other.region} in the mapping's ARN`,
    );
  return finding(
    'RH104',
    subject,
    `The stream ${stream.name} is in account ${other.account}, and the mapping looks for it in ${stream.account}.`,
    evidence,
    'an access key id of 12 digits is the account, any other is 000000000000: use the same key (test) for everything',
  );
}

/** State of Lambda that is older than this run of the engine, and streams that are not: only paid persistence restores it. */
function restored(mapping: MappingFacts, { engine }: Facts, subject: string, gone: string): Finding | undefined {
  const { modifiedAt } = mapping;
  if (!engine.licensed || engine.startedAt === undefined || modifiedAt === undefined) return undefined;
  if (modifiedAt >= engine.startedAt) return undefined;
  return finding(
    'RH110',
    subject,
    'The mapping was restored from an earlier run, and its stream was not.',
    `${gone}; the mapping is of ${iso(modifiedAt)}, the engine started at ${iso(engine.startedAt)}`,
    'make the stream again (a ready hook does at each start), then delete the mapping and make it anew',
  );
}

function byLog({ stream }: MappingFacts, { engine, log }: Facts, subject: string, gone: string): Finding {
  const events = log?.events ?? [];
  const deletedAt = lastIndex(events, (event) => isRequest(event, 'DeleteStream') && event.status === 200);
  const restartedAt = lastIndex(events, ({ type }) => type === 'kinesis-restarted');
  const creations = events.slice(deletedAt + 1).flatMap((event) => (isRequest(event, 'CreateStream') ? event : []));
  const refused = creations.find(({ status }) => status >= 400);
  // A poller that has read the stream before fails on GetRecords; one that never found it, on DescribeStream.
  const wasRead = events.some(
    (event) => event.type === 'not-found' && event.arn === stream.arn && event.operation === 'GetRecords',
  );
  // Requests are logged without the stream's name.
  const seen = (what: string) => `${gone}; ${log?.file} has ${what}`;
  const likely = (what: string) => seen(`${what}, which names no stream, so that this is likely and not certain`);
  if (restartedAt > deletedAt)
    return finding(
      'RH109',
      subject,
      'The Kinesis engine ended and was started again without the stream.',
      seen('"Restarting process (received exit code …" of the Kinesis engine'),
      'make the stream again and, if the mapping stays silent, the mapping; give the engine more memory if it was killed for it',
    );
  if (deletedAt >= 0 && refused?.error === 'ResourceInUseException')
    return finding(
      'RH107',
      subject,
      'CreateStream was refused while the old stream was DELETING, and then there was none.',
      likely('DeleteStream => 200, then CreateStream => 400 (ResourceInUseException)'),
      'after DeleteStream wait until the stream is gone, and take ResourceInUseException for success only when the stream is ACTIVE',
    );
  if (deletedAt >= 0 && creations.some(({ status }) => status === 200))
    return finding(
      'RH106',
      subject,
      'The stream was made anew before the old one was gone, and vanished with it (localstack#9171).',
      likely('DeleteStream => 200, then CreateStream => 200'),
      'after DeleteStream wait until the stream is gone (about 0.5 s), then make it',
    );
  if (deletedAt < 0 && refused && !wasRead)
    return finding(
      'RH102',
      subject,
      'CreateStream failed, and the script that called it went on to make the mapping.',
      likely(`CreateStream => ${refused.status} (${refused.error ?? 'no name'})`),
      `end the script when CreateStream fails (set -e; no catch that only logs), and ${ORDER}`,
    );
  // Versions that refuse a mapping on a missing stream show that the stream was there once.
  const refuses = engine.product === 'localstack' && behaviourOf(engine.version)?.missingStream === 'refused';
  if (deletedAt >= 0 || wasRead || refuses)
    return finding(
      'RH108',
      subject,
      'The stream was deleted under its mapping.',
      deletedAt >= 0
        ? seen('DeleteStream => 200')
        : wasRead
          ? seen('GetRecords … not found')
          : `${gone}; ${engine.name} makes no mapping without its stream`,
      'make the stream again, then delete the mapping and make it anew: ready-hooks apply does',
    );
  return finding(
    'RH101',
    subject,
    'The mapping was made before its stream; this engine accepts that and then finds no stream (localstack#12141).',
    `${gone}; ${engine.name} accepts a mapping without its stream`,
    `${ORDER}; LocalStack 4.3 and newer refuse such a mapping at once`,
  );
}

function isRequest(event: LogEvent, operation: string): event is Extract<LogEvent, { type: 'request' }> {
  return event.type === 'request' && event.operation === operation;
}

/** Array.findLastIndex is not in the language level this is checked at. */
function lastIndex(events: readonly LogEvent[], matches: (event: LogEvent) => boolean): number {
  return events.map(matches).lastIndexOf(true);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
