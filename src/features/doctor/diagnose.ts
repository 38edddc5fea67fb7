import { behaviourOf, unsupportedEngine } from '../../runtime/engine/localstack-versions.ts';
import { withoutDocker } from '../../runtime/resources/function/function.ts';
import { readsEarlierStream } from '../../runtime/resources/mapping/earlier-stream.ts';
import type { ResourceStatus } from '../status/status.ts';
import { type Finding, finding } from './catalog.ts';
import { diagnoseCompose } from './diagnose-compose.ts';
import { diagnoseHooks } from './diagnose-hooks.ts';
import type { Facts, FunctionFacts, MappingFacts } from './facts.ts';
import { missingStream } from './missing-stream.ts';

/** What is wrong, worst first. Pure: the same facts give the same findings. */
export function diagnose(facts: Facts): Finding[] {
  const found = [
    ...diagnoseEngine(facts),
    ...diagnoseKinesis(facts),
    ...facts.mappings.flatMap((mapping) => diagnoseMapping(mapping, facts)),
    ...duplicates(facts),
    ...facts.functions.flatMap((declared) => diagnoseFunction(declared, facts)),
    ...diagnoseHooks(facts),
    ...diagnoseCompose(facts.compose),
  ];
  return [...found, ...diagnoseDeclared(facts, found)].sort(
    (a, b) => Number(a.severity === 'warns') - Number(b.severity === 'warns'),
  );
}

/** Where no engine answers: why it may not have started is in the files. */
export function diagnoseFiles(problem: string, { folder, compose }: Pick<Facts, 'folder' | 'compose'>): Finding[] {
  return [
    finding('RH001', 'engine', 'No engine answers.', problem, 'start it, or name where it is with --endpoint'),
    ...diagnoseHooks(folder ? { folder } : {}),
    ...diagnoseCompose(compose),
  ];
}

function diagnoseEngine({ engine, mappings }: Facts): Finding[] {
  const { product, version, name } = engine;
  const old = unsupportedEngine({ product, version });
  if (old) return [finding('RH501', name, old, `the engine tells version ${version}`, 'take a newer image')];
  const behaviour = product === 'localstack' ? behaviourOf(version) : undefined;
  if (!behaviour?.losesRecordsWhenIdle || mappings.length === 0) return [];
  return [
    finding(
      'RH502',
      name,
      `${name} can lose single records after minutes without any, and deliver others up to 14 s late.`,
      `the engine tells version ${version}; 4.2.0 was seen to lose 3 of 6 records after 5 minutes without any, 4.14.0 none`,
      'use a newer LocalStack, best 4.14.0, where that matters',
    ),
  ];
}

/** In silence for whoever waits: the poller's request ends after 60 s, and only then it goes on. */
function diagnoseKinesis({ engine, log }: Facts): Finding[] {
  const unread = log?.events.find((event) => event.type === 'kinesis-unread');
  if (unread?.type !== 'kinesis-unread') return [];
  return [
    finding(
      'RH118',
      engine.name,
      'The Kinesis engine left a request unread for 60 s, and its mapping delivered nothing meanwhile.',
      `${log?.file}: ${unread.line}`,
      'run LocalStack with Node.js 18 to 24 first on its PATH (under 26 its Kinesis engine does this), or start it with ready-hooks up, which works with all',
    ),
  ];
}

function diagnoseMapping(mapping: MappingFacts, facts: Facts): Finding[] {
  const { uuid, stream, state, startingPosition, streamStatus } = mapping;
  const { engine } = facts;
  const subject = title(mapping);
  if (state !== 'Enabled')
    return [
      finding(
        'RH112',
        subject,
        `The mapping is ${state}, so nothing is read.`,
        `GetEventSourceMapping ${uuid}: State ${state}`,
        state === 'Disabled'
          ? awsLambda(mapping, facts, `update-event-source-mapping --uuid ${uuid} --enabled`)
          : `wait until it is Enabled or gone; LocalStack keeps a mapping that was deleted while Disabled at Deleting until it is restarted`,
      ),
    ];
  if (streamStatus === undefined) return [missingStream(mapping, facts, subject)];
  if (streamStatus !== 'ACTIVE')
    return [
      finding(
        'RH113',
        subject,
        `The stream is ${streamStatus}, so the poller cannot read it.`,
        `DescribeStreamSummary ${stream.name}: ${streamStatus}`,
        'wait until it is ACTIVE; if it stays, restart the engine',
      ),
    ];
  const anew = madeAnew(mapping, facts, subject);
  if (anew) return [anew];
  const reader = facts.functions.find(({ name }) => name === mapping.function);
  const role = reader ? otherAccount({ ...reader, account: stream.account }, facts) : [];
  if (role.length > 0) return role;
  if (startingPosition === 'AT_TIMESTAMP' && engine.atTimestampNeverDelivers)
    return [
      finding(
        'RH111',
        subject,
        'The mapping starts AT_TIMESTAMP: this engine says Enabled and never delivers.',
        `GetEventSourceMapping ${uuid}: StartingPosition AT_TIMESTAMP; the poller of ${engine.name} fails on 'StartingPositionTimestamp'`,
        'make the mapping anew with TRIM_HORIZON, or LATEST',
      ),
    ];
  if (startingPosition === 'LATEST' && engine.latestLosesFirstRecords)
    return [
      finding(
        'RH115',
        subject,
        'Records that were put shortly after Enabled can be lost: the poller asks for its LATEST iterator later (localstack#10166).',
        `GetEventSourceMapping ${uuid}: StartingPosition LATEST`,
        'make the mapping at TRIM_HORIZON while the stream is empty; ready-hooks apply does that for LATEST',
      ),
    ];
  return [];
}

function madeAnew(mapping: MappingFacts, { engine }: Facts, subject: string): Finding | undefined {
  const { uuid, stream, streamMadeAt: madeAt, modifiedAt, madeFor } = mapping;
  if (madeAt === undefined || !readsEarlierStream(mapping, { madeAt }, engine.pollerKeepsEarlierStream))
    return undefined;
  return finding(
    'RH117',
    subject,
    'The stream was deleted and made anew under its mapping, which keeps its place in the earlier one, so that records are not delivered.',
    `DescribeStreamSummary ${stream.name}: made at ${iso(madeAt)}; mapping ${uuid} was made ${madeFor !== undefined ? `for one of ${iso(madeFor)}` : `at ${iso(modifiedAt ?? 0)}, unless the engine's clock is not at UTC`}`,
    'delete the mapping and make it anew at TRIM_HORIZON: ready-hooks apply does, and what the stream holds is delivered',
  );
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function duplicates(facts: Facts): Finding[] {
  const { mappings } = facts;
  const titles = [...new Set(mappings.map(title))];
  return titles.flatMap((subject) => {
    const same = mappings.filter((mapping) => title(mapping) === subject);
    const [first] = same;
    if (!first || same.length < 2) return [];
    return finding(
      'RH114',
      subject,
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

function diagnoseFunction(seen: FunctionFacts, facts: Facts): Finding[] {
  const { name, state, reason, updateStatus, lately } = seen;
  const subject = `function ${name}`;
  const readers = facts.mappings.filter((mapping) => mapping.function === name);
  if (state === undefined)
    return [
      finding(
        'RH203',
        subject,
        `The function ${name} is not there${readers.length > 0 ? ', and a mapping names it' : ''}.`,
        `GetFunction ${name}: ResourceNotFoundException`,
        'make the function before its mapping: ready-hooks apply does',
      ),
    ];
  if (state === 'Failed' || updateStatus === 'Failed')
    return [
      finding(
        'RH201',
        subject,
        `The function ${name} is Failed, so its mappings deliver nothing.`,
        `GetFunction ${name}: ${reason ?? 'no reason given'}`,
        withoutDocker(reason) ??
          'mend what the reason says, remove the function (LocalStack may refuse: restart it), and make it anew',
      ),
    ];
  if (state !== 'Active')
    return [
      finding(
        'RH202',
        subject,
        `The function ${name} is ${state}, expected Active.`,
        `GetFunction ${name}: State ${state}${reason ? `, ${reason}` : ''}`,
        'wait: LocalStack in Docker pulls the image of its runtime; if it stays, see that /var/run/docker.sock is mounted',
      ),
    ];
  if (lately && lately.calls > 0 && lately.errors >= lately.calls)
    return [
      finding(
        'RH205',
        subject,
        `The function ${name} fails whenever it is called, so what its mappings read is tried again and again, or given up.`,
        `CloudWatch AWS/Lambda: ${lately.calls} of ${lately.calls} calls failed in the last minute that had any (${iso(lately.at)})`,
        `see what it throws with ready-hooks tail ${name} --since 15m, mend the handler, and apply again`,
      ),
    ];
  // The role matters where its poller finds no stream, or where no mapping could be made.
  return readers.length === 0 ? otherAccount(seen, facts) : [];
}

function otherAccount({ name, roleAccount, account }: FunctionFacts, { engine }: Facts): Finding[] {
  if (engine.product !== 'localstack' || roleAccount === undefined || roleAccount === account) return [];
  return [
    finding(
      'RH105',
      `function ${name}`,
      `The role of function ${name} is of account ${roleAccount}; the poller assumes it, and looks for the stream there.`,
      `GetFunction ${name}: the role is of account ${roleAccount}, the stream of account ${account}`,
      `give the function a role of account ${account}: arn:aws:iam::${account}:role/lambda-role`,
    ),
  ];
}

/** What a definition declares and none of the findings above explains. */
function diagnoseDeclared({ pipelines }: Facts, found: readonly Finding[]): Finding[] {
  return pipelines.flatMap(({ pipeline, resources }) =>
    resources
      .filter(({ resource, state }) => state !== 'ready' && !found.some((each) => about(each, resource)))
      .map(({ resource, state, detail }) =>
        finding(
          resource.startsWith('event source mapping') && state === 'missing' ? 'RH116' : 'RH204',
          resource,
          `The ${resource} of ${pipeline} is ${state === 'differs' ? 'not as declared' : state}.`,
          evidenceOf(state, detail),
          state === 'failed' ? 'see the evidence' : `ready-hooks apply, or see the log of the hook ${pipeline}.sh`,
        ),
      ),
  );
}

/** The detail tells what apply would do, which is evidence only of something that is there. */
function evidenceOf(state: ResourceStatus['state'], detail: string | undefined): string {
  if (state === 'missing') return 'nothing of this name';
  return state === 'differs' ? `apply would update it: ${detail}` : (detail ?? state);
}

function about({ subject }: Finding, resource: string): boolean {
  const explained =
    resource.startsWith('stream ') && subject.startsWith(`mapping ${resource.slice('stream '.length)} →`);
  return explained || resource === subject || resource.endsWith(subject.replace(/^mapping /, 'event source mapping '));
}

function title({ stream, function: name }: MappingFacts): string {
  return `mapping ${stream.name} → ${name}`;
}
