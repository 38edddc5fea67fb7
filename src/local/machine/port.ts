import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { getOnce } from '../../runtime/engine/get-once.ts';
import { ExpectedError } from '../../runtime/errors.ts';

/** A free port of 127.0.0.1. */
export function freePort(): Promise<number> {
  return listenOn(0);
}

/** Listens for a moment and returns the port. Rejects if it cannot. */
async function listenOn(port: number): Promise<number> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return taken;
}

/** Throws if the port is in use. */
export async function checkPort(port: number): Promise<void> {
  if (await isPortInUse(port))
    throw new ExpectedError(portInUse(port, (await readHealth(port).catch(() => undefined))?.version));
}

export async function isPortInUse(port: number): Promise<boolean> {
  return (await answers(port)) || (await listenOn(port).then(() => false, isInUse));
}

function isInUse(error: NodeJS.ErrnoException): boolean {
  if (error.code === 'EADDRINUSE') return true;
  throw new ExpectedError(`This user cannot listen on the port (${error.message}); choose another with --port.`);
}

/** Connecting is a second check: macOS lets two servers listen on a port if one of them listens on all addresses. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(true));
  });
}

/** `localstack` is the version that the server on the port reports, if it answers as LocalStack does. */
export function portInUse(port: number, localstack: string | undefined): string {
  const other = port === 4566 ? 4567 : port + 1;
  return localstack === undefined
    ? `Port ${port} is in use by another program: stop it, or choose another port with --port ${other}.`
    : `Port ${port} is in use by another LocalStack (${localstack}), which \`npx ready-hooks up\` did not start: ` +
        `stop it, or choose another port with --port ${other}.`;
}

/** Reads an engine's health. Throws while the gateway does not listen. */
export async function readHealth(port: number, product = 'localstack'): Promise<{ version?: string }> {
  const { body } = await getOnce(`http://127.0.0.1:${port}/_${product}/health`, 2_000);
  if (!body) throw new Error('not the health of an engine');
  return body;
}
