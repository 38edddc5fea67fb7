import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  /** `CreateStream`, `POST /2015-03-31/functions`, … */
  operation: string;
  body: string;
  status: number;
  response: string;
}

/** A proxy before an engine that keeps what was asked and answered, in the order of the answers. */
export async function recordingProxy(target: string) {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { host: _, ...headers } = incoming.headers;
      const onward = request(target + incoming.url, { method: incoming.method, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const response = Buffer.concat(parts);
          exchanges.push({
            operation: operationOf(incoming.method, incoming.url, incoming.headers['x-amz-target']),
            body: body.toString('latin1'),
            status: answer.statusCode ?? 0,
            response: response.toString('latin1'),
          });
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(response);
        });
      });
      onward.on('error', (error) => outgoing.writeHead(502).end(String(error)));
      onward.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () => new Promise((done) => server.close(done)),
  };
}

function operationOf(method = '', url = '', target: string | string[] | undefined): string {
  return typeof target === 'string' ? (target.split('.').pop() ?? target) : `${method} ${url.split('?')[0]}`;
}
