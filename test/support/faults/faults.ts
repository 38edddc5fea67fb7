import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Handle } from '../fault-proxy.ts';
import { serviceIn } from '../operations.ts';

export const FAULTS = [
  'connection refused',
  'reset while answering',
  'never answers',
  'answers after 2 s',
  'HTTP 500',
  'HTTP 503',
  'throttling',
  'limit exceeded',
  'malformed body',
  'empty body',
  'answered, not carried out',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Breaks one request; `again`: later requests will break, too. */
type Break = (exchange: Parameters<Handle>[0], proxy: Parameters<Handle>[1], again: boolean) => void | Promise<void>;

const REFUSED_FOR_MS = 300;

const breaks: Record<Fault, Break> = {
  'connection refused': (_, proxy, again) => proxy.interrupt(again ? undefined : REFUSED_FOR_MS),
  'reset while answering': async ({ forward, outgoing }) => {
    const { status, headers, body } = await forward();
    outgoing.writeHead(status, { ...headers, 'content-length': String(body.length + 10) });
    outgoing.write(body.subarray(0, body.length / 2), () => outgoing.socket?.resetAndDestroy());
  },
  'never answers': () => undefined,
  'answers after 2 s': async ({ pass }) => {
    await new Promise((done) => setTimeout(done, 2_000));
    await pass();
  },
  'HTTP 500': (exchange) => replyError(exchange, 500, 'InternalError', 'exception while calling the service'),
  'HTTP 503': (exchange) => replyError(exchange, 503, 'ServiceUnavailable', 'the service is loading'),
  throttling: (exchange) => {
    const [status, name] = {
      kinesis: [400, 'ThrottlingException'] as const,
      lambda: [429, 'TooManyRequestsException'] as const,
      s3: [503, 'SlowDown'] as const,
    }[serviceIn(exchange.incoming)];
    replyError(exchange, status, name, 'Rate exceeded');
  },
  'limit exceeded': (exchange) => replyError(exchange, 400, 'LimitExceededException', 'Limit exceeded'),
  'malformed body': async ({ forward, outgoing }) => {
    const { status } = await forward();
    reply(outgoing, status, '<html><body>Bad gateway</body>', 'text/html');
  },
  'empty body': async ({ forward, outgoing }) => {
    const { status } = await forward();
    reply(outgoing, status, '');
  },
  'answered, not carried out': ({ operation, incoming, outgoing }) => {
    const body = operation.endsWith('EventSourceMapping') ? { UUID: randomUUID(), State: 'Creating' } : {};
    const empty = serviceIn(incoming) === 's3';
    reply(outgoing, 200, empty ? '' : JSON.stringify(body), empty ? 'application/xml' : 'application/x-amz-json-1.1');
  },
};

/** Breaks the first or all requests of one operation, and passes all others on. `hits` counts the operation's requests. */
export function breaking(operation: string, fault: Fault, always: boolean): { handle: Handle; hits: () => number } {
  let hits = 0;
  return {
    hits: () => hits,
    handle: (exchange, proxy) => {
      if (exchange.operation !== operation || (hits++ > 0 && !always)) return exchange.pass();
      return breaks[fault](exchange, proxy, always);
    },
  };
}

function replyError({ incoming, outgoing }: Parameters<Handle>[0], status: number, name: string, message: string) {
  if (serviceIn(incoming) === 's3') {
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${name}</Code><Message>${message}</Message></Error>`;
    return reply(outgoing, status, incoming.method === 'HEAD' ? '' : body, 'application/xml');
  }
  outgoing.setHeader('x-amzn-errortype', name);
  return reply(outgoing, status, JSON.stringify({ __type: name, message }));
}

function reply(outgoing: ServerResponse, status: number, body: string, type = 'application/x-amz-json-1.1') {
  outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
