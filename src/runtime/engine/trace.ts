import type { Operation } from './operations.ts';

/** Tells each request on stderr, with what it was about, its answer and how long that took: `READY_HOOKS_VERBOSE=1`. */
export async function traced<T>(operation: Operation, input: object, send: () => Promise<T>): Promise<T> {
  if (!process.env['READY_HOOKS_VERBOSE']) return send();
  const began = performance.now();
  const tell = (answer: string) => {
    const took = Math.round(performance.now() - began);
    process.stderr.write(`  > ${[operation, ...subject(input)].join(' ')}: ${answer} in ${took} ms\n`);
  };
  try {
    const answer = await send();
    tell('ok');
    return answer;
  } catch (error) {
    tell(error instanceof Error ? error.name : String(error));
    throw error;
  }
}

/** Whom a request is about, and nothing else of it: values of environment variables and records are nobody's business. */
const SUBJECT = ['Bucket', 'StreamName', 'FunctionName', 'UUID', 'EventSourceArn', 'Resource', 'StreamARN', 'Key'];

function subject(input: object): string[] {
  return Object.entries(input).flatMap(([key, value]) =>
    SUBJECT.includes(key) && typeof value === 'string' ? value : [],
  );
}
