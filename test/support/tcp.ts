import { readFileSync } from 'node:fs';

/** The TCP sockets by IPv4 that Linux knows, with addresses and states as it writes them; a closed connection for another minute. */
export function tcpSockets() {
  return readFileSync('/proc/net/tcp', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      return { local, remote, state, inode };
    });
}
