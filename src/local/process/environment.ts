import { dirname } from 'node:path';
import type { Environment } from '../machine/folders.ts';

/**
 * Variables that would change the engine or the tools it starts. All others reach the engine and its hooks, which may
 * need any of them, as do the engine's settings (DEBUG=1, KINESIS_LATENCY, …).
 */
const KEPT_OUT =
  /^(AWS_.*|LOCALSTACK_.*|LOCALEMU_.*|MINISTACK_.*|PYTHON.*|VIRTUAL_ENV|PIP_.*|UV_.*|NODE_OPTIONS|NODE_PATH|npm_.*|(https?|all|no)_proxy|LD_PRELOAD|DYLD_.*|XDG_.*|HOME|HOSTNAME|FILESYSTEM_ROOT|OVERRIDE_IN_DOCKER|DATA_DIR|CONFIG_(DIR|PROFILE)|GATEWAY_.*|EDGE_.*|DNS_.*|SERVICES|EAGER_SERVICE_LOADING|PERSISTENCE|PERSIST_STATE|S3_PERSIST|EXTERNAL_SERVICE_PORTS_.*|LAMBDA_(RUNTIME_)?EXECUTOR|KINESIS_MOCK_VERSION|KINESIS_(MOCK_)?PROVIDER.*|MAIN_CONTAINER_NAME|USE_SSL|BIND_HOST|VITEST.*)$/i;

/** The part of the user's environment that an engine gets; the engine, its processes and hooks find this `node` first. */
export function inherited(user: Environment, node: string): Environment {
  return {
    ...Object.fromEntries(Object.entries(user).filter(([name]) => !KEPT_OUT.test(name))),
    // As in Lambda, and in LocalStack's image.
    TZ: 'UTC',
    PATH: `${dirname(node)}:${user['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
  };
}

export function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
