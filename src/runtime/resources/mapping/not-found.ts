import type { Aws } from '../../engine/connect.ts';
import { streamArn } from '../kind.ts';
import type { MappingRef } from './update.ts';

/** Who a mapping's request was about, and what the engine has under those names. */
export interface Parties {
  /** The ARNs that were asked for. */
  stream: string;
  function: string;
  /** As the engine tells them now; undefined where it has none, which a moment may mend. */
  seen: { stream?: string | undefined; function?: string | undefined; role?: string | undefined };
}

const PARTS = ['partition', 'service', 'region', 'account', 'name'] as const;

/**
 * Why a "not found" will not pass: what was asked for and what the engine has, or names in its message, differ. Pure.
 * `undefined` where nothing differs: what was seen ready is not known everywhere yet.
 */
export function difference(message: string, { stream, function: fn, seen }: Parties): string | undefined {
  for (const named of message.match(/arn:aws[\w-]*:(kinesis|lambda):[\w-]*:\d*:[\w:/.-]*[\w-]/g) ?? []) {
    const asked = named.split(':')[2] === 'kinesis' ? stream : fn;
    if (parts(named) !== parts(asked))
      return `it looked for ${named} but ${asked} was asked for (${apart(named, asked)})`;
  }
  const [, account] = /under account (\d{12})/.exec(message) ?? [];
  if (account && account !== accountOf(stream))
    return `it looked in account ${account}, but the stream is in account ${accountOf(stream)}: set account in the definition to one of them`;
  if (seen.stream && seen.stream !== stream)
    return `the engine has the stream as ${seen.stream}, and ${stream} was asked for (${apart(seen.stream, stream)})`;
  if (seen.function && parts(seen.function) !== parts(fn))
    return `the engine has the function as ${seen.function}, and ${fn} was asked for (${apart(seen.function, fn)})`;
  if (seen.role && accountOf(seen.role) !== accountOf(stream))
    return `the function's role ${seen.role} is of account ${accountOf(seen.role)}, and the engine looks for the stream in that account, but it is in ${accountOf(stream)}: give the function a role of account ${accountOf(stream)}, or none`;
  return undefined;
}

/** Reads what `difference` compares. */
export async function parties(ref: MappingRef, aws: Aws): Promise<Parties> {
  const [described, found] = await Promise.all([
    aws.call('DescribeStreamSummary', { StreamName: ref.stream }).catch(() => undefined),
    aws.call('GetFunction', { FunctionName: ref.function }).catch(() => undefined),
  ]);
  return {
    stream: streamArn(ref.stream, aws),
    function: `arn:aws:lambda:${aws.region}:${aws.account}:function:${ref.function}`,
    seen: {
      stream: described?.StreamDescriptionSummary?.StreamARN,
      function: found?.Configuration?.FunctionArn,
      role: found?.Configuration?.Role,
    },
  };
}

/** An ARN without a function's qualifier. */
function parts(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** Which parts of two ARNs differ: `region eu-west-1, not us-east-1`. */
function apart(has: string, asked: string): string {
  const [a, b] = [split(has), split(asked)];
  return PARTS.flatMap((part, index) => (a[index] === b[index] ? [] : [`${part} ${a[index]}, not ${b[index]}`])).join(
    '; ',
  );
}

function split(arn: string): string[] {
  const [, partition = '', service = '', region = '', account = '', ...name] = arn.split(':');
  return [partition, service, region, account, name.join(':').replace(/^(stream\/|function:)/, '')];
}
