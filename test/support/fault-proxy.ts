import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { operationIn } from './operations.ts';

/** Handles a request between the hook and the engine; `forward` returns the engine's answer, to pass on or not. */
export type Handle = (exchange: Exchange, proxy: FaultProxy) => void | Promise<void>;

export interface Exchange {
  operation: string;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** Sends the request to the engine, and returns the answer without passing it on. */
  forward(): Promise<Answer>;
  /** Sends the request to the engine and passes the answer on. */
  pass(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface FaultProxy {
  endpoint: string;
  /** Closes the port and all connections, for a time or until the proxy is closed. */
  interrupt(forMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** A proxy in front of `target` that passes each request to `handle`. */
export async function faultProxy(target: string, handle: Handle): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  let back: NodeJS.Timeout | undefined;
  const proxy: FaultProxy = {
    endpoint: '',
    async interrupt(forMs) {
      await stop();
      if (forMs !== undefined) back = setTimeout(listen, forMs);
    },
    async close() {
      clearTimeout(back);
      await stop();
    },
  };
  await listen();
  proxy.endpoint = `http://127.0.0.1:${port}`;
  return proxy;

  async function listen() {
    server = createServer(answer);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  }

  async function stop() {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse) {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    try {
      for await (const chunk of incoming) chunks.push(chunk);
      const forward = () => send(target, incoming, Buffer.concat(chunks));
      const pass = async () => {
        const { status, headers, body } = await forward();
        outgoing.writeHead(status, headers).end(body);
      };
      await handle({ operation: operationIn(incoming), incoming, outgoing, forward, pass }, proxy);
    } catch {
      // The hook or the engine has closed the connection.
      outgoing.destroy();
    }
  }
}

function send(target: string, { url, method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host: _, connection: __, ...rest } = headers;
  return new Promise((done, failed) => {
    const onward = request(target + url, { method, headers: rest }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', failed);
      answer.on('end', () => {
        const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...kept } = answer.headers;
        const whole = Buffer.concat(parts);
        // A HEAD's answer has a length and no body.
        const length = method === 'HEAD' ? answer.headers['content-length'] : String(whole.length);
        done({
          status: answer.statusCode ?? 502,
          headers: { ...kept, ...(length && { 'content-length': length }) },
          body: whole,
        });
      });
    });
    onward.on('error', failed);
    onward.end(body);
  });
}
