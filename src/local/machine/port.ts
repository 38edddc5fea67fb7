import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { ExpectedError } from '../../runtime/errors.ts';

/** A port of 127.0.0.1 that is free now. */
export function freePort(): Promise<number> {
  return listenOn(0);
}

/** Listens for a moment; the port it was. Rejects when it cannot. */
async function listenOn(port: number): Promise<number> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return taken;
}

/** Throws the sentence for a port that cannot be had. */
export async function checkPort(port: number): Promise<void> {
  const inUse = (await answers(port)) || (await listenOn(port).then(() => false, isInUse));
  if (inUse) throw new ExpectedError(portInUse(port, (await readHealth(port).catch(() => undefined))?.version));
}

function isInUse(error: NodeJS.ErrnoException): boolean {
  if (error.code === 'EADDRINUSE') return true;
  throw new ExpectedError(`This user cannot listen on the port (${error.message}); choose another with --port.`);
}

/** Asked as well as listening: macOS lets two servers listen when one does so on all addresses. */
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

/** `localstack` is the version of the LocalStack, or of what answers like one, that has the port. */
export function portInUse(port: number, localstack: string | undefined): string {
  const other = port === 4566 ? 4567 : port + 1;
  return localstack === undefined
    ? `Port ${port} is in use by another program: end that one, or choose another port with --port ${other}.`
    : `Port ${port} is in use by another LocalStack (${localstack}), which \`ready-hooks up\` did not start: ` +
        `stop that one, or choose another port with --port ${other}.`;
}

/** What /_localstack/health says. Throws while there is no gateway. */
export async function readHealth(port: number): Promise<{ version?: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/_localstack/health`, { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as { version?: string };
}
