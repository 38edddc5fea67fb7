import type { SeedRecords } from '../../contents/contents.ts';
import { type Kind, type Made, type NameRef, NOTHING, whenNamed } from '../kind.ts';
import { type Part, putSeed, type SeenSeed } from '../seed.ts';
import { isListed, readStreamTags } from './listed.ts';

/** Records put on a stream once. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const streamSeed: Kind<NameRef, { records: SeedRecords }, SeenSeed> = {
  label: 'seed of stream',
  wait: { timeoutMs: 300_000 },
  isDeletedWithOwner: true,

  async observe({ name }, reader, declared) {
    const { known, made = [] } = reader;
    if (made.length > 0 && declared && nextPart(name, declared.records, made)) return { made };
    if (!known && !(await isListed(name, reader))) return { made };
    const tags = await readStreamTags(name, reader).catch(whenNamed('ResourceNotFoundException', undefined));
    return { made, ...(tags && { tags }) };
  },

  decide({ name }, declared, seen = { made: [] }) {
    if (!declared) return NOTHING;
    const { records } = declared;
    return putSeed(records, nextPart(name, records, seen.made), seen, (Tags) => ({
      operation: 'AddTagsToStream',
      input: { StreamName: name, Tags },
    }));
  },
};

/** The unaccepted records of the first incomplete batch. PutRecords can accept a part of a batch. */
function nextPart(StreamName: string, { batches }: SeedRecords, made: readonly Made[]): Part | undefined {
  const answered = made.flatMap((one) =>
    one.operation === 'PutRecords'
      ? (one.input.Records ?? []).map((record, index) => ({ record, ...one.answer.Records?.[index] }))
      : [],
  );
  const accepted = new Set<unknown>(answered.flatMap(({ record, SequenceNumber }) => (SequenceNumber ? record : [])));
  const all = batches.reduce((sum, batch) => sum + batch.length, 0);
  let before = 0;
  for (const batch of batches) {
    const Records = batch.filter((record) => !accepted.has(record));
    if (Records.length > 0) {
      const rejected = answered.filter(({ ErrorCode }) => ErrorCode).at(-1);
      return {
        request: { operation: 'PutRecords', input: { StreamName, Records } },
        why:
          batches.length > 1
            ? `records ${before + 1} to ${before + batch.length} of ${all}`
            : `${all} record${all === 1 ? '' : 's'}`,
        ...(rejected && {
          seen: `${Records.length} of ${batch.length} records rejected, ${rejected.ErrorCode}: ${rejected.ErrorMessage}`,
        }),
      };
    }
    before += batch.length;
  }
  return undefined;
}
