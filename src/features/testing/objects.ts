import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { clientConfig, S3_CONFIG } from '../../runtime/engine/client-config.ts';
import { asSentence } from '../../runtime/engine/request-errors.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { checkName, type Target } from './target.ts';

/** An object in a bucket. */
export interface StoredObject {
  key: string;
  text: string;
  /** Its lines, parsed as JSON. Throws if one is not valid JSON. */
  readonly records: unknown[];
}

const REQUEST_TIMEOUT_MS = 30_000;
const AT_ONCE = 8;

/** Reads each object of a bucket, in the order of their keys. */
export async function objects(Bucket: string, target: Target): Promise<StoredObject[]> {
  checkName('bucket', Bucket, target);
  const client = new S3Client({ ...clientConfig(target.aws, REQUEST_TIMEOUT_MS), ...S3_CONFIG });
  const limit = pLimit(AT_ONCE);
  try {
    const read: Promise<StoredObject>[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
      for (const { Key = '' } of Contents)
        read.push(
          limit(async () => {
            const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
            return stored(Bucket, Key, (await Body?.transformToString()) ?? '');
          }),
        );
    return await Promise.all(read);
  } catch (error) {
    return asSentence(target.aws.endpoint)(error);
  } finally {
    client.destroy();
  }
}

function stored(bucket: string, key: string, text: string): StoredObject {
  return {
    key,
    text,
    get records() {
      const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
      return lines
        .filter(({ line }) => line)
        .map(({ line, number }) => parsed(line, `Line ${number} of ${bucket}/${key}`));
    },
  };
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new InvalidInputError(`${where} is not valid JSON (${(error as Error).message}): read the object's text.`);
  }
}
