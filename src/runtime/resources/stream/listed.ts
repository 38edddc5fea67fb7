import { given, pages, type Reader, tagsIn } from '../kind.ts';
import { shareAnswers } from '../shared-answers.ts';

/** The limit of ListStreams. */
const MOST_STREAMS_LISTED = 10_000;

/**
 * Whether a stream exists. LocalStack's Kinesis engine logs a stack trace for each request about a missing stream: the very
 * "Stream arn … not found" of localstack#12141. A list leaves no trace; the streams of a run share one. If an earlier list
 * lacks this stream, that proves nothing: it may have been created since.
 */
export async function isListed(name: string, reader: SharedCalls): Promise<boolean> {
  const { answer, fresh } = shareList(reader);
  const names = await (fresh ? answer : answer.catch(() => []));
  return names.includes(name) || (!fresh && (await listStreams(reader)).includes(name));
}

/** The list that the streams of a run share. */
export function shareList({ shared = shareAnswers(), ...reader }: SharedCalls) {
  return shared('ListStreams', () => listStreams(reader));
}

type Calls = Pick<Reader, 'call' | 'options'>;
type SharedCalls = Pick<Reader, 'call' | 'options' | 'shared'>;

/** The names of all streams. */
export function listStreams({ call, options }: Calls): Promise<string[]> {
  return pages(async (NextToken) => {
    const page = await call('ListStreams', { Limit: MOST_STREAMS_LISTED, ...(NextToken && { NextToken }) }, options);
    const items = given(page.StreamNames, 'ListStreams', 'StreamNames');
    return { items, next: page.HasMoreStreams ? page.NextToken : undefined };
  });
}

export async function readStreamTags(StreamName: string, { call, options }: Calls): Promise<Record<string, string>> {
  const { Tags } = await call('ListTagsForStream', { StreamName }, options);
  return tagsIn(given(Tags, 'ListTagsForStream', 'Tags'));
}
