import { type Aws, withAws } from '../../runtime/engine/connect.ts';
import type { SdkError } from '../../runtime/engine/request-errors.ts';
import { pages } from '../../runtime/resources/kind.ts';
import { heldRecords } from '../../runtime/resources/stream/held-records.ts';
import { type Arn, type MappingFacts, parseStreamArn, type StrayFacts } from './facts.ts';
import { DEFAULT_ACCOUNT, REGIONS, reader } from './read-mappings.ts';

type Place = Pick<Arn, 'region' | 'account'>;

/** Streams in other places, without a mapping, that hold records and have the name of a stream that a mapping reads. */
export async function readStrays(
  clients: readonly Aws[],
  mappings: readonly MappingFacts[],
  /** The account of the caller's access key: its programs may send there. */
  ownAccount: string,
): Promise<StrayFacts[]> {
  const [any] = clients;
  const own = mappings.filter(({ streamStatus }) => streamStatus !== undefined).map(({ stream }) => stream);
  if (!any || own.length === 0) return [];
  const accounts = new Set([...clients.map(({ account }) => account), ownAccount, DEFAULT_ACCOUNT]);
  const found: StrayFacts[] = [];
  for (const place of await placesWith(new Set(own.map(({ name }) => name)), [...accounts], any))
    for (const name of place.names) {
      const read = own.find((stream) => stream.name === name);
      if (!read || own.some((stream) => stream.name === name && isAt(stream, place))) continue;
      const stream = await at(any, place, (aws) => unreadStream(name, aws));
      if (stream) found.push({ stream, read, readHolds: await at(any, read, (aws) => holdsRecords(name, aws)) });
    }
  return found;
}

const isAt = (one: Place, other: Place) => one.region === other.region && one.account === other.account;

function at<T>({ endpoint }: Aws, { region, account }: Place, use: (aws: Aws) => Promise<T>): Promise<T> {
  return withAws({ endpoint, region, account }, use);
}

/** The regions and accounts that have a stream with one of these names. */
async function placesWith(names: ReadonlySet<string>, accounts: readonly string[], any: Aws) {
  const search = async (place: Place) => ({
    ...place,
    names: (await at(any, place, (aws) => listStreams(aws).catch(rejected))).filter((name) => names.has(name)),
  });
  const found: (Place & { names: string[] })[] = [];
  for (const account of accounts) {
    const [first, ...others] = REGIONS.map((region) => ({ region, account }));
    // The first call of an account starts its Kinesis engine, which takes concurrent calls only after that.
    if (first) found.push(await search(first));
    found.push(...(await Promise.all(others.map(search))));
  }
  return found.filter((place) => place.names.length > 0);
}

/** An engine may know fewer regions; one that does not answer is an error. */
function rejected(error: SdkError): string[] {
  if (error.$metadata?.httpStatusCode !== undefined) return [];
  throw error;
}

function listStreams({ call }: Aws): Promise<string[]> {
  return pages(async (NextToken) => {
    const page = await call('ListStreams', { Limit: 10_000, ...(NextToken && { NextToken }) });
    return { items: page.StreamNames ?? [], next: page.HasMoreStreams ? page.NextToken : undefined };
  });
}

/** The stream, if it holds records that no mapping reads. */
async function unreadStream(name: string, aws: Aws): Promise<Arn | undefined> {
  const EventSourceArn = `arn:aws:kinesis:${aws.region}:${aws.account}:stream/${name}`;
  const { EventSourceMappings = [] } = await aws.call('ListEventSourceMappings', { EventSourceArn });
  return EventSourceMappings.length === 0 && (await holdsRecords(name, aws))
    ? parseStreamArn(EventSourceArn)
    : undefined;
}

async function holdsRecords(name: string, aws: Aws): Promise<boolean> {
  return typeof (await heldRecords(name, reader(aws))) === 'object';
}
