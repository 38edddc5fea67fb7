import { filtersProblem } from '../../runtime/engine/filters.ts';
import { keyOf } from '../../runtime/identity.ts';
import { readsEarlierStream } from '../../runtime/resources/mapping/earlier-stream.ts';
import { type Finding, type FindingSubject, finding, iso } from './catalog.ts';
import { awsLambda } from './commands.ts';
import type { Facts, MappingFacts } from './facts.ts';
import { otherAccount } from './function.ts';
import { missingStream } from './missing-stream.ts';
import { streamLog } from './stream-log.ts';
import { waitsAfterPoll } from './waits.ts';

export function diagnoseMappings(facts: Facts): Finding[] {
  return [
    ...facts.mappings.flatMap((mapping) => diagnoseMapping(mapping, facts) ?? []),
    ...duplicates(facts),
    ...droppedRecords(facts),
  ];
}

function diagnoseMapping(mapping: MappingFacts, facts: Facts): Finding | undefined {
  const { uuid, stream, state, streamStatus } = mapping;
  const subject = subjectOf(mapping);
  if (state !== 'Enabled')
    return finding(
      'RH112',
      subject,
      `The mapping is ${state}, so it reads nothing.`,
      `GetEventSourceMapping ${uuid}: State ${state}`,
      state === 'Disabled'
        ? `run ${awsLambda(`update-event-source-mapping --uuid ${uuid} --enabled`, placeOf(mapping, facts))}`
        : 'wait until it is Enabled or gone; a mapping deleted while Disabled stays in Deleting until LocalStack restarts',
    );
  if (streamStatus === undefined) return missingStream(mapping, facts, subject);
  if (streamStatus !== 'ACTIVE')
    return finding(
      'RH113',
      subject,
      `The stream is ${streamStatus}, so the poller cannot read it.`,
      `DescribeStreamSummary ${stream.name}: ${streamStatus}`,
      'wait until it is ACTIVE; if the status does not change, restart the engine',
    );
  return (
    earlierStream(mapping, facts, subject) ??
    otherRole(mapping, facts) ??
    badFilter(mapping, facts, subject) ??
    neverDelivers(mapping, facts, subject) ??
    waitsAfterPoll(mapping, facts, subject) ??
    losesFirst(mapping, facts, subject)
  );
}

function badFilter({ uuid, filters }: MappingFacts, { engine }: Facts, subject: FindingSubject): Finding | undefined {
  const found = filtersProblem(filters, engine);
  if (!found) return undefined;
  const problem = `The mapping has ${found.problem}.`;
  return finding('RH119', subject, problem, `GetEventSourceMapping ${uuid}: FilterCriteria`, found.fix);
}

/** The engine's log names neither the mapping nor the stream. */
function droppedRecords({ mappings, engine, log }: Facts): Finding[] {
  const dropped = (log?.events ?? []).flatMap((event) => (event.type === 'not-json' ? event : []));
  const [last] = dropped.slice(-1);
  if (!last || !mappings.some(({ filters }) => filters.some((filter) => 'data' in filter))) return [];
  return [
    finding(
      'RH120',
      engine.name,
      `A mapping with a filter on data dropped ${dropped.length} records that are not JSON.`,
      `${log?.file}: ${last.line}`,
      'send only JSON, or leave the filter out and select records in the function',
    ),
  ];
}

function otherRole({ stream, function: reader }: MappingFacts, facts: Facts): Finding | undefined {
  const found = facts.functions.find(({ name }) => name === reader);
  return found && otherAccount({ ...found, account: stream.account }, facts);
}

type Judge = (mapping: MappingFacts, facts: Facts, subject: FindingSubject) => Finding | undefined;

const neverDelivers: Judge = ({ uuid, startingPosition }, { engine }, subject) => {
  if (startingPosition !== 'AT_TIMESTAMP' || !engine.atTimestampNeverDelivers) return undefined;
  return finding(
    'RH111',
    subject,
    'The mapping starts AT_TIMESTAMP; on this engine it becomes Enabled but never delivers.',
    `GetEventSourceMapping ${uuid}: StartingPosition AT_TIMESTAMP; the poller of ${engine.name} fails on 'StartingPositionTimestamp'`,
    're-create the mapping with TRIM_HORIZON or LATEST',
  );
};

const losesFirst: Judge = ({ uuid, startingPosition }, { engine }, subject) => {
  if (startingPosition !== 'LATEST' || !engine.latestLosesFirstRecords) return undefined;
  return finding(
    'RH115',
    subject,
    'Records sent shortly after the mapping is Enabled can be lost: the poller requests its LATEST iterator later (localstack#10166).',
    `GetEventSourceMapping ${uuid}: StartingPosition LATEST`,
    'create the mapping with TRIM_HORIZON while the stream is empty, as npx ready-hooks apply does for LATEST',
  );
};

function earlierStream(mapping: MappingFacts, { engine, log }: Facts, subject: FindingSubject): Finding | undefined {
  const { uuid, stream, streamCreatedAt: madeAt, modifiedAt, madeFor } = mapping;
  if (madeFor === undefined && waitedForStream(stream.arn, log)) return undefined;
  if (madeAt === undefined || !readsEarlierStream(mapping, { madeAt }, engine.pollerKeepsEarlierStream))
    return undefined;
  return finding(
    'RH117',
    subject,
    'The stream was deleted and re-created, but its mapping still holds its position in the earlier stream, so records are not delivered.',
    `DescribeStreamSummary ${stream.name}: created at ${iso(madeAt)}; mapping ${uuid} was created ${madeFor !== undefined ? `for a stream created at ${iso(madeFor)}` : `at ${iso(modifiedAt)}, if the engine's clock is set to UTC`}`,
    'delete the mapping and re-create it with TRIM_HORIZON, as npx ready-hooks apply does; records already in the stream are then delivered',
  );
}

/** The mapping is older than its only stream: it was created first, which LocalStack up to 4.2 accepts, and has read no other. */
function waitedForStream(arn: string, log: Facts['log']): boolean {
  const { notFound, wasRead } = streamLog(log?.events ?? [], arn);
  return notFound && !wasRead;
}

function duplicates(facts: Facts): Finding[] {
  const byPair = new Map<string, MappingFacts[]>();
  for (const mapping of facts.mappings) {
    const key = keyOf(subjectOf(mapping));
    byPair.set(key, [...(byPair.get(key) ?? []), mapping]);
  }
  return [...byPair.values()].flatMap((same) => {
    const [first, ...others] = same;
    if (!first || others.length === 0) return [];
    return finding(
      'RH114',
      subjectOf(first),
      `${same.length} mappings connect the same stream and function, so each record is handled ${same.length} times.`,
      same.map(({ uuid }) => uuid).join(', '),
      `delete all but one: ${others.map((one) => awsLambda(`delete-event-source-mapping --uuid ${one.uuid}`, placeOf(one, facts))).join('; ')}`,
    );
  });
}

function placeOf({ stream: { region, account } }: MappingFacts, { engine }: Facts) {
  return { endpoint: engine.endpoint, region, account };
}

function subjectOf({ stream, function: name }: MappingFacts) {
  return {
    label: `mapping ${stream.name} → ${name}`,
    kind: 'mapping' as const,
    ref: { stream: stream.name, function: name },
  };
}
