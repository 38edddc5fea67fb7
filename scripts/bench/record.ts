import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operationIn } from '../../test/support/operations.ts';
import type { RawRequest } from './raw.ts';

/** Records every request that `work` sends to the endpoint it gets, so that it can be replayed without an SDK. */
export async function recordRequests(
  target: string,
  work: (endpoint: string) => Promise<unknown>,
): Promise<RawRequest[]> {
  const recorded: RawRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url: path = '', headers } = incoming;
    const { host: _, connection: __, ...rest } = headers;
    const body = Buffer.concat(chunks);
    recorded.push({ operation: operationIn(incoming), method, path, headers: rest, body });
    const onward = request(target + path, { method, headers: rest }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return recorded;
}
