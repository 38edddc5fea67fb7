import type { Aws } from '../../engine/connect.ts';
import { streamArn } from '../kind.ts';
import type { MappingRef } from './update.ts';

/** The stream and function of a mapping's request, and the engine's resources of those names. */
export interface Parties {
  /** The requested ARNs. */
  stream: string;
  function: string;
  /** The engine's current ARNs; undefined if missing, which may pass in a moment. */
  seen: { stream?: string | undefined; function?: string | undefined; role?: string | undefined };
}

const PARTS = ['partition', 'service', 'region', 'account', 'name'] as const;

/**
 * Why a "not found" is permanent: the request differs from the engine's resources, or from its message. Pure.
 * `undefined` if nothing differs: a ready resource is not visible everywhere yet.
 */
export function difference(message: string, { stream, function: fn, seen }: Parties): string | undefined {
  for (const named of message.match(/arn:aws[\w-]*:(kinesis|lambda):[\w-]*:\d*:[\w:/.-]*[\w-]/g) ?? []) {
    const requested = named.split(':')[2] === 'kinesis' ? stream : fn;
    if (parts(named) !== parts(requested))
      return `the engine looked for ${named}, but the request named ${requested} (${apart(named, requested)})`;
  }
  const [, account] = /under account (\d{12})/.exec(message) ?? [];
  if (account && account !== accountOf(stream))
    return `the engine looked in account ${account}, but the stream is in account ${accountOf(stream)}: set account in the definition to one of them`;
  if (seen.stream && seen.stream !== stream)
    return `the engine's stream is ${seen.stream}, but the request named ${stream} (${apart(seen.stream, stream)})`;
  if (seen.function && parts(seen.function) !== parts(fn))
    return `the engine's function is ${seen.function}, but the request named ${fn} (${apart(seen.function, fn)})`;
  if (seen.role && accountOf(seen.role) !== accountOf(stream))
    return `the function's role ${seen.role} belongs to account ${accountOf(seen.role)}, where the engine looks for the stream, but the stream is in ${accountOf(stream)}: give the function a role in account ${accountOf(stream)}, or none`;
  return undefined;
}

/** Reads the ARNs that `difference` compares. */
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
function apart(has: string, requested: string): string {
  const [a, b] = [split(has), split(requested)];
  return PARTS.flatMap((part, index) => (a[index] === b[index] ? [] : [`${part} ${a[index]}, not ${b[index]}`])).join(
    '; ',
  );
}

function split(arn: string): string[] {
  const [, partition = '', service = '', region = '', account = '', ...name] = arn.split(':');
  return [partition, service, region, account, name.join(':').replace(/^(stream\/|function:)/, '')];
}
