import { isIP } from 'node:net';
import { InvalidInputError } from '../errors.ts';

/** The engine's default port. The address is not `localhost`, because Node 18 may try only ::1. */
const DEFAULT_PORT = 4566;

type Environment = Record<string, string | undefined>;

/**
 * The engine's address: the given one, else `AWS_ENDPOINT_URL`, else `AWS_ENDPOINT_URL_KINESIS`, unless empty, else LocalStack's own
 * `GATEWAY_LISTEN` (which a hook inherits), else port 4566 of this machine. Throws InvalidInputError for an address that could be a
 * real AWS account.
 */
export function resolveEndpoint(given: string | undefined, env: Environment): string {
  // Many CI systems set variables without a value to the empty string.
  const set = env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_KINESIS'];
  const address = given ?? (set || `http://127.0.0.1:${gatewayPort(env['GATEWAY_LISTEN'])}`);
  return checkEndpoint(address, (env['READY_HOOKS_ALLOW_HOSTS'] ?? '').split(',').filter(Boolean));
}

/** LocalStack's GATEWAY_LISTEN is a comma-separated list of `host:port`; either part may be missing. */
export function gatewayPort(listen: string | undefined): number {
  const port = Number(listen?.split(',')[0]?.split(':').pop());
  return Number.isInteger(port) && port > 0 ? port : DEFAULT_PORT;
}

/**
 * Rejects anything but an http(s) address of this machine, a private network or a container. Removes a
 * trailing slash, and adds `http://` to `localhost:4566`.
 */
export function checkEndpoint(address: string, allowedHosts: readonly string[] = []): string {
  let url: URL;
  try {
    url = new URL(/^[\w.-]+:\d+\/?$/.test(address) ? `http://${address}` : address);
  } catch {
    throw rejected(address, 'is not a URL; expected one like http://localhost:4566');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw rejected(
      address,
      `has the scheme ${url.protocol.slice(0, -1)}; expected http or https, like http://localhost:4566`,
    );
  // The part before an @ is easily mistaken for the host: http://localhost:4566@example.org
  if (url.username || url.password) throw rejected(url.host, 'contains a user name or password; leave them out');
  if (url.pathname !== '/' || url.search || url.hash)
    throw rejected(address, 'has a path, query or fragment; expected only scheme, host and port');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isAws(host))
    throw rejected(address, 'is AWS itself; ready-hooks only talks to a local engine such as LocalStack');
  if (!isLocal(host) && !allowedHosts.includes(host))
    throw rejected(
      address,
      `is not this machine, a private address or a container's name; if ${host} is a local engine, set READY_HOOKS_ALLOW_HOSTS=${host}`,
    );
  return url.origin;
}

function rejected(address: string, why: string): InvalidInputError {
  return new InvalidInputError(`The endpoint ${address} was rejected: it ${why}.`);
}

function isAws(host: string): boolean {
  return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|amazonaws\.(eu|ic\.gov|sgov\.gov)|aws\.dev|(ec2|compute)\.internal)$/i.test(
    host,
  );
}

const LOCAL_SUFFIXES = ['.localhost', '.localhost.localstack.cloud', '.internal', '.local', '.test', '.svc'];

/**
 * This machine, a private address, a link-local one of IPv6 (169.254 has the metadata service), a container's (single-label) name,
 * or a name reserved for private use.
 */
function isLocal(host: string): boolean {
  const version = isIP(host);
  if (version === 4) return isPrivateV4(host);
  if (version === 6) return isPrivateV6(host);
  return !host.includes('.') || host === 'localhost.localstack.cloud' || LOCAL_SUFFIXES.some((s) => host.endsWith(s));
}

function isPrivateV4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || address === '0.0.0.0'
  );
}

function isPrivateV6(address: string): boolean {
  // URL prints IPv4-mapped addresses in hexadecimal: ::ffff:7f00:1
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (mapped) {
    const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
    return isPrivateV4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  // Amazon's metadata service and the like have unique local addresses too.
  if (/^fd00:ec2:/i.test(address)) return false;
  return address === '::1' || address === '::' || /^(f[cd][0-9a-f]|fe[89ab])[0-9a-f]:/i.test(address);
}

/** LocalStack reads the account from the 12 digits at the start of the access key; any other key means 000000000000. */
export function accessKeyOf(account: string): string {
  return account === '000000000000' ? 'test' : account;
}
