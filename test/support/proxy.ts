import { faultProxy } from './fault-proxy.ts';

export interface RecordedExchange {
  operation: string;
  response: string;
}

/** A proxy in front of an engine that records requests and answers, in the order of the answers. */
export async function recordingProxy(target: string) {
  const exchanges: RecordedExchange[] = [];
  const { endpoint, close } = await faultProxy(target, async ({ operation, outgoing, forward }) => {
    const { status, headers, body } = await forward();
    exchanges.push({ operation, response: body.toString('latin1') });
    outgoing.writeHead(status, headers).end(body);
  });
  return { endpoint, exchanges, close };
}
