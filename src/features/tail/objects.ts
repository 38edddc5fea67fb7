import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Readers } from './place.ts';

/** An object that was written or overwritten. */
export interface PutObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Lists a bucket: each call returns the objects written since the previous call, oldest first. The first call returns the objects
 * written from `since` on (milliseconds since the epoch), or none without it.
 */
export function newObjects({ s3, abort }: Readers, Bucket: string, since?: number): () => Promise<PutObject[]> {
  let seen: Map<string, string> | undefined;
  // LastModified is in whole seconds.
  const from = since === undefined ? Number.POSITIVE_INFINITY : Math.floor(since / 1_000) * 1_000;
  return async () => {
    const now = new Map<string, string>();
    const put: PutObject[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }, abort))
      for (const { Key = '', ETag = '', Size = 0, LastModified } of Contents) {
        const at = LastModified?.getTime() ?? 0;
        const version = `${ETag} ${at}`;
        now.set(Key, version);
        if (seen ? seen.get(Key) !== version : at >= from) put.push({ key: Key, size: Size, at });
      }
    seen = now;
    return put.sort((one, other) => one.at - other.at);
  };
}

/** An object's lines; none if it has been deleted. */
export async function linesOf({ s3, abort }: Readers, Bucket: string, Key: string): Promise<string[]> {
  const text = await s3.send(new GetObjectCommand({ Bucket, Key }), abort).then(
    ({ Body }) => Body?.transformToString(),
    (error) => {
      if (error.name === 'NoSuchKey') return undefined;
      throw error;
    },
  );
  return text === undefined ? [] : text.replace(/\n$/, '').split('\n');
}
