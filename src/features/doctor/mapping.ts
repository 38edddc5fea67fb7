import { keyOf } from '../../runtime/identity.ts';
import { readsEarlierStream } from '../../runtime/resources/mapping/earlier-stream.ts';
import { type Finding, type FindingSubject, finding, iso } from './catalog.ts';
import type { Facts, MappingFacts } from './facts.ts';
import { otherAccount } from './function.ts';
import { missingStream } from './missing-stream.ts';

export function diagnoseMappings(facts: Facts): Finding[] {
  return [...facts.mappings.flatMap((mapping) => diagnoseMapping(mapping, facts) ?? []), ...duplicates(facts)];
}

function diagnoseMapping(mapping: MappingFacts, facts: Facts): Finding | undefined {
  const { uuid, stream, state, streamStatus } = mapping;
  const subject = subjectOf(mapping);
  if (state !== 'Enabled')
    return finding(
      'RH112',
      subject,
      `The mapping is ${state}, so nothing is read.`,
      `GetEventSourceMapping ${uuid}: State ${state}`,
      state === 'Disabled'
        ? awsLambda(mapping, facts, `update-event-source-mapping --uuid ${uuid} --enabled`)
        : `wait until it is Enabled or gone; LocalStack keeps a mapping that was deleted while Disabled at Deleting until it is restarted`,
    );
  if (streamStatus === undefined) return missingStream(mapping, facts, subject);
  if (streamStatus !== 'ACTIVE')
    return finding(
      'RH113',
      subject,
      `The stream is ${streamStatus}, so the poller cannot read it.`,
      `DescribeStreamSummary ${stream.name}: ${streamStatus}`,
      'wait until it is ACTIVE; if it stays, restart the engine',
    );
  return madeAnew(mapping, facts, subject) ?? otherRole(mapping, facts) ?? badStart(mapping, facts, subject);
}

function otherRole({ stream, function: reader }: MappingFacts, facts: Facts): Finding | undefined {
  const found = facts.functions.find(({ name }) => name === reader);
  return found && otherAccount({ ...found, account: stream.account }, facts);
}

function badStart(
  { uuid, startingPosition }: MappingFacts,
  { engine }: Facts,
  subject: FindingSubject,
): Finding | undefined {
  if (startingPosition === 'AT_TIMESTAMP' && engine.atTimestampNeverDelivers)
    return finding(
      'RH111',
      subject,
      'The mapping starts AT_TIMESTAMP: this engine says Enabled and never delivers.',
      `GetEventSourceMapping ${uuid}: StartingPosition AT_TIMESTAMP; the poller of ${engine.name} fails on 'StartingPositionTimestamp'`,
      'make the mapping anew with TRIM_HORIZON, or LATEST',
    );
  if (startingPosition === 'LATEST' && engine.latestLosesFirstRecords)
    return finding(
      'RH115',
      subject,
      'Records that were put shortly after Enabled can be lost: the poller asks for its LATEST iterator later (localstack#10166).',
      `GetEventSourceMapping ${uuid}: StartingPosition LATEST`,
      'make the mapping at TRIM_HORIZON while the stream is empty; ready-hooks apply does that for LATEST',
    );
  return undefined;
}

function madeAnew(mapping: MappingFacts, { engine }: Facts, subject: FindingSubject): Finding | undefined {
  const { uuid, stream, streamMadeAt: madeAt, modifiedAt, madeFor } = mapping;
  if (madeAt === undefined || !readsEarlierStream(mapping, { madeAt }, engine.pollerKeepsEarlierStream))
    return undefined;
  return finding(
    'RH117',
    subject,
    'The stream was deleted and made anew under its mapping, which keeps its place in the earlier one, so that records are not delivered.',
    `DescribeStreamSummary ${stream.name}: made at ${iso(madeAt)}; mapping ${uuid} was made ${madeFor !== undefined ? `for one of ${iso(madeFor)}` : `at ${iso(modifiedAt)}, unless the engine's clock is not at UTC`}`,
    'delete the mapping and make it anew at TRIM_HORIZON: ready-hooks apply does, and what the stream holds is delivered',
  );
}

function duplicates(facts: Facts): Finding[] {
  const byPair = new Map<string, MappingFacts[]>();
  for (const mapping of facts.mappings) {
    const key = keyOf(subjectOf(mapping));
    byPair.set(key, [...(byPair.get(key) ?? []), mapping]);
  }
  return [...byPair.values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length < 2) return [];
    return finding(
      'RH114',
      subjectOf(first),
      `There are ${same.length} mappings of the same stream and function, so each record is handled ${same.length} times.`,
      same.map(({ uuid }) => uuid).join(', '),
      `${awsLambda(first, facts, 'delete-event-source-mapping --uuid …')} for all but one`,
    );
  });
}

/** A command of the AWS CLI that gets to the engine. */
function awsLambda({ stream }: MappingFacts, { engine }: Facts, command: string): string {
  return `aws --endpoint-url ${engine.endpoint} --region ${stream.region} lambda ${command}`;
}

function subjectOf({ stream, function: name }: MappingFacts) {
  return {
    label: `mapping ${stream.name} → ${name}`,
    kind: 'mapping' as const,
    ref: { stream: stream.name, function: name },
  };
}
