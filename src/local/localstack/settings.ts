import { delimiter, join } from 'node:path';
import type { Environment } from '../machine/folders.ts';
import { defined, inherited } from '../process/environment.ts';

/** Products that run LocalStack's code, each under its own name. */
export type LocalStackLike = 'localstack' | 'localemu';

export interface EngineFolders {
  /** FILESYSTEM_ROOT: /var/lib/<product>, /etc/<product> … of this engine. */
  root: string;
  /** HOME and caches: plux keeps an index of plugins there, and engines must not share it. */
  home: string;
  /** Temporary files, the unpacked functions among them. */
  tmp: string;
  /** A file for each function that runs under Node's inspector (inspections.ts). */
  inspect: string;
}

export function engineFolders(stateDir: string): EngineFolders {
  return {
    root: join(stateDir, 'root'),
    home: join(stateDir, 'home'),
    tmp: join(stateDir, 'tmp'),
    inspect: join(stateDir, 'inspect'),
  };
}

interface EnvironmentOptions {
  product?: LocalStackLike;
  port: number;
  node: string;
  /** Paths that may be a Python for functions; default none. */
  pythons?: readonly string[];
  folders: EngineFolders;
  extra?: Environment | undefined;
}

/** Environment of the LocalStack process. `extra` overrides everything. `product`: default LocalStack. */
export function engineEnvironment(
  user: Environment,
  { product = 'localstack', port, node, pythons = [], folders, extra = {} }: EnvironmentOptions,
): Record<string, string> {
  const [portsFrom, portsTo] = externalPorts(port);
  return defined({
    // LocalStack's default is 1 second per shard, so with 16 shards a record may wait 16 seconds. 4.2 and older ignore this.
    LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.1',
    ...inherited(user, node),
    READY_HOOKS_NODE: node,
    READY_HOOKS_PYTHONS: pythons.join(delimiter),
    HOME: folders.home,
    XDG_CACHE_HOME: join(folders.home, '.cache'),
    READY_HOOKS_TMP: folders.tmp,
    READY_HOOKS_INSPECT: folders.inspect,
    PYTHONUNBUFFERED: '1',
    FILESYSTEM_ROOT: folders.root,
    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    // The folder is new, and the Kinesis engine uses it before LocalStack would clear it.
    CLEAR_TMP_FOLDER: '0',
    // The host in responses (queue URLs, function URLs): one that resolves without DNS.
    [`${product.toUpperCase()}_HOST`]: `localhost:${port}`,
    SQS_ENDPOINT_STRATEGY: 'path',
    LAMBDA_RUNTIME_EXECUTOR: 'ready-hooks',
    EXTERNAL_SERVICE_PORTS_START: String(portsFrom),
    EXTERNAL_SERVICE_PORTS_END: String(portsTo),
    // Fetch and report nothing at run time.
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
    ...extra,
  });
}

/** The 50 ports for an engine's services (OpenSearch …), different for each engine; end exclusive. */
export function externalPorts(port: number): [number, number] {
  const from = port === 4566 ? 4510 : 10_000 + (port % 400) * 50;
  return [from, from + 50];
}
