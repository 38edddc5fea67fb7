import { dirname, join } from 'node:path';

type Environment = Record<string, string | undefined>;

/**
 * Variables of the user's that would change the engine or the tools it starts. All others reach it, and so the hooks
 * (which may name any of them) and LocalStack's settings (DEBUG=1, KINESIS_LATENCY, …).
 */
const KEPT_OUT =
  /^(AWS_.*|LOCALSTACK_.*|PYTHON.*|VIRTUAL_ENV|PIP_.*|UV_.*|NODE_OPTIONS|NODE_PATH|npm_.*|(https?|all|no)_proxy|LD_PRELOAD|DYLD_.*|XDG_.*|HOME|HOSTNAME|FILESYSTEM_ROOT|OVERRIDE_IN_DOCKER|DATA_DIR|CONFIG_(DIR|PROFILE)|GATEWAY_.*|EDGE_.*|DNS_.*|SERVICES|EAGER_SERVICE_LOADING|PERSISTENCE|EXTERNAL_SERVICE_PORTS_.*|LAMBDA_RUNTIME_EXECUTOR|KINESIS_MOCK_VERSION|KINESIS_(MOCK_)?PROVIDER.*|MAIN_CONTAINER_NAME|USE_SSL|VITEST.*)$/i;

export interface EngineFolders {
  /** FILESYSTEM_ROOT: /var/lib/localstack, /etc/localstack … of this engine. */
  root: string;
  /** HOME and caches: plux keeps an index of plugins there, which engines must not share. */
  home: string;
  /** Temporary files, the unpacked functions among them. */
  tmp: string;
}

export function engineFolders(stateDir: string): EngineFolders {
  return { root: join(stateDir, 'root'), home: join(stateDir, 'home'), tmp: join(stateDir, 'tmp') };
}

/** Environment of the LocalStack process. `extra` has the last word. */
export function engineEnvironment(
  user: Environment,
  { port, node, folders, extra = {} }: { port: number; node: string; folders: EngineFolders; extra?: Environment },
): Record<string, string> {
  const [portsFrom, portsTo] = externalPorts(port);
  const merged: Environment = {
    ...Object.fromEntries(Object.entries(user).filter(([name]) => !KEPT_OUT.test(name))),
    // LocalStack, the Kinesis engine and hooks all start `node`: the one that runs this.
    PATH: `${dirname(node)}:${user['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
    READY_HOOKS_NODE: node,
    HOME: folders.home,
    XDG_CACHE_HOME: join(folders.home, '.cache'),
    READY_HOOKS_TMP: folders.tmp,
    PYTHONUNBUFFERED: '1',
    FILESYSTEM_ROOT: folders.root,
    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    // Names in answers (queue URLs, function URLs): ones that need no name server.
    LOCALSTACK_HOST: `localhost:${port}`,
    SQS_ENDPOINT_STRATEGY: 'path',
    LAMBDA_RUNTIME_EXECUTOR: 'ready-hooks',
    EXTERNAL_SERVICE_PORTS_START: String(portsFrom),
    EXTERNAL_SERVICE_PORTS_END: String(portsTo),
    // Nothing is fetched or reported at run time.
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
    ...extra,
  };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The 50 ports that services of an engine (OpenSearch …) may take, so that engines do not meet; end exclusive. */
export function externalPorts(port: number): [number, number] {
  const from = port === 4566 ? 4510 : 10_000 + (port % 400) * 50;
  return [from, from + 50];
}
