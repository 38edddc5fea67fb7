import { type Aws, withAws } from '../../runtime/engine/connect.ts';
import { lambdaFunction, type SeenFunction } from '../../runtime/resources/function/function.ts';
import { isUnverified } from '../../runtime/resources/function/start.ts';
import { isNamed, pages, type Reader } from '../../runtime/resources/kind.ts';
import { madeForIn, readMappingTags } from '../../runtime/resources/mapping/earlier-stream.ts';
import { seenSettings } from '../../runtime/resources/mapping/settings.ts';
import { type SeenStream, stream as streamKind } from '../../runtime/resources/stream/stream.ts';
import { type Arn, type CallFacts, type FunctionFacts, type MappingFacts, parseStreamArn } from './facts.ts';
import { readCalls } from './read-calls.ts';
import { readLastError } from './read-last-error.ts';

/** The regions to search for a stream that is missing from its own region. */
export const REGIONS =
  `us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1
  eu-south-1 ap-south-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 af-south-1 me-south-1`.split(
    /\s+/,
  );

export const DEFAULT_ACCOUNT = '000000000000';

/** Every Kinesis mapping of one region and account; with a UUID, only mappings of the same stream and function. */
export async function readMappings(aws: Aws, uuid: string | undefined): Promise<(MappingFacts & { region: string })[]> {
  const uuids = await listMappings(aws, uuid);
  const found: (MappingFacts & { region: string })[] = [];
  // One at a time: concurrent first calls can leave LocalStack with a Kinesis engine that never answers.
  for (const UUID of uuids) {
    const mapping = await readMapping(aws, UUID);
    if (mapping) found.push({ ...mapping, region: aws.region });
  }
  return found;
}

async function listMappings(aws: Aws, uuid: string | undefined): Promise<string[]> {
  const all = await pages(async (Marker) => {
    const page = await aws.call('ListEventSourceMappings', Marker ? { Marker } : {});
    return { items: page.EventSourceMappings ?? [], next: page.NextMarker };
  });
  const asked = all.find(({ UUID }) => UUID === uuid);
  const ofSame = all.filter(
    (one) => one.EventSourceArn === asked?.EventSourceArn && one.FunctionArn === asked?.FunctionArn,
  );
  return (uuid === undefined ? all : asked ? ofSame : []).flatMap(({ UUID }) => UUID ?? []);
}

/** Uses Get for each mapping, as the state in List lags behind. */
async function readMapping(aws: Aws, UUID: string): Promise<MappingFacts | undefined> {
  const seen = await aws.call('GetEventSourceMapping', { UUID }).catch((error) => {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  });
  const stream = parseStreamArn(seen?.EventSourceArn ?? '');
  if (!seen || !stream) return undefined;
  const [found, tags] = await Promise.all([
    streamAt(aws, stream),
    readMappingTags(seen.EventSourceMappingArn, reader(aws)),
  ]);
  const madeFor = madeForIn(tags);
  return {
    uuid: UUID,
    state: seen.State ?? 'Enabled',
    startingPosition: seen.StartingPosition ?? '',
    filters: seenSettings(seen).settings.filters,
    ...(seen.LastModified && { modifiedAt: seen.LastModified.getTime() }),
    stream,
    ...(madeFor !== undefined && { madeFor }),
    ...(found && { streamStatus: found.status }),
    ...(found?.madeAt !== undefined && { streamCreatedAt: found.madeAt }),
    elsewhere: found ? [] : await findElsewhere(aws, stream),
    function: seen.FunctionArn?.split(':')[6] ?? '',
  };
}

function streamAt(aws: Aws, { region, account, name }: Omit<Arn, 'arn'>): Promise<SeenStream | undefined> {
  return withAws({ endpoint: aws.endpoint, region, account }, (own) =>
    streamKind.observe({ name }, reader(own), { existing: true }),
  );
}

/** Searches for the name in all regions of its account and of the known accounts; other accounts cannot be searched. */
async function findElsewhere(aws: Aws, { arn, account, name }: Arn): Promise<string[]> {
  const found: string[] = [];
  for (const candidate of new Set([account, aws.account, DEFAULT_ACCOUNT])) {
    for (const region of REGIONS) {
      const seen = await streamAt(aws, { region, account: candidate, name });
      if (seen && seen.arn !== arn) found.push(seen.arn);
    }
  }
  return found;
}

/** Reads functions the way apply does. Leaves out a function that is only declared and does not exist. */
export async function readFunctions(aws: Aws, names: readonly { name: string; mapped: boolean }[]) {
  const all = names.map(({ name }) => name);
  const calls = await readCalls(aws, all);
  // A later change is that of an engine whose clock shows another time zone, so it proves nothing.
  const now = Date.now() + MOST_SKEW_MS;
  const functions = names.map(async ({ name, mapped }): Promise<FunctionFacts[]> => {
    const seen = await lambdaFunction.observe({ name }, reader(aws), undefined);
    if (!seen) return mapped ? [{ name, account: aws.account, region: aws.region }] : [];
    const { state, lastUpdateStatus, settings } = seen;
    const recentCalls = await withLastError(calls.get(name), name, aws);
    const reason = reasonOf(seen);
    const roleAccount = /^arn:[^:]*:iam::(\d{12}):/.exec(settings.role)?.[1];
    return [
      {
        name,
        account: aws.account,
        region: aws.region,
        ...(seen.modifiedAt <= now && { modifiedAt: seen.modifiedAt }),
        state,
        updateStatus: lastUpdateStatus,
        runtime: settings.runtime,
        ...(reason && { reason }),
        ...(isUnverified(seen) && { unverified: true }),
        ...(roleAccount && { roleAccount }),
        ...(recentCalls && { recentCalls }),
      },
    ];
  });
  return (await Promise.all(functions)).flat();
}

/** How far the engine's clock may be ahead of ours. */
const MOST_SKEW_MS = 60_000;

async function withLastError(seen: CallFacts | undefined, name: string, aws: Aws): Promise<CallFacts | undefined> {
  if (!seen || seen.errors < seen.calls) return seen;
  const lastError = await readLastError(aws, name, seen.at);
  return { ...seen, ...(lastError && { lastError }) };
}

/** LocalStack gives a function that never started a reason for its state, but none for its update, which is Failed, too. */
export function reasonOf({ lastUpdateStatus, lastUpdateReason, stateReason }: Reasons): string | undefined {
  return (lastUpdateStatus === 'Failed' && lastUpdateReason) || stateReason;
}

type Reasons = Pick<SeenFunction, 'lastUpdateStatus' | 'lastUpdateReason' | 'stateReason'>;

export function reader({ call, region, account, engine }: Aws): Reader {
  return { call, options: {}, known: false, world: { region, account, engine, now: Date.now() } };
}
