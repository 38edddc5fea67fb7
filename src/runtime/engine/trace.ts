import { printable } from '../printable.ts';
import type { Operation } from './operations.ts';
import { describe } from './request-errors.ts';

/** With `READY_HOOKS_VERBOSE=1`, logs each request to stderr with its resource, its result and its duration. */
export async function traced<T>(operation: Operation, input: object, send: () => Promise<T>): Promise<T> {
  if (!process.env['READY_HOOKS_VERBOSE']) return send();
  const began = performance.now();
  const log = (result: string) => {
    const took = Math.round(performance.now() - began);
    const request = [operation, ...subject(input)].join(' ');
    process.stderr.write(`${printable(`  > ${request}: ${result} in ${took} ms`)}\n`);
  };
  try {
    const answer = await send();
    log('ok');
    return answer;
  } catch (error) {
    log(error instanceof Error ? describe(error) : String(error));
    throw error;
  }
}

/** Only identifiers; never environment values or record data. */
const SUBJECT = ['Bucket', 'StreamName', 'FunctionName', 'UUID', 'EventSourceArn', 'Resource', 'StreamARN', 'Key'];

function subject(input: object): string[] {
  return Object.entries(input).flatMap(([key, value]) =>
    SUBJECT.includes(key) && typeof value === 'string' ? value : [],
  );
}
