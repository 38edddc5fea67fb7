import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '../../runtime/errors.ts';
import { cpSync, mkdirSync } from '../../runtime/file-system.ts';
import { defined, inherited } from '../process/environment.ts';
import type { LaunchOptions, Product } from '../process/product.ts';
import { installVenv, venvPython } from '../python/venv.ts';
import { pythonWithin } from '../python/within.ts';

const VERSION = '1.5.33';
const NAME = `MiniStack ${VERSION}`;

const beside = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** MiniStack from PyPI; it runs functions of Node.js as processes itself. */
export const ministack: Product = {
  name: 'ministack',
  async install({ version = VERSION, ...options }) {
    if (version !== VERSION) throw new InvalidInputError(`MiniStack ${version} is not available; expected ${VERSION}.`);
    const python = await pythonWithin(NAME, { oldest: 10, best: '3.11' }, options);
    const locked = {
      name: NAME,
      cost: '3 s and 60 MB',
      lock: beside(`locks/ministack-${VERSION}.txt`),
    };
    const venv = await installVenv(locked, python, options);
    return {
      version,
      layOut(options) {
        mkdirSync(join(options.stateDir, 'tmp'), { recursive: true });
        const script = join(options.stateDir, 'start.py');
        cpSync(beside('start.py'), script);
        cpSync(beside('../localstack/executor/owner.py'), join(options.stateDir, 'owner.py'));
        return {
          version,
          pythonVersion: python.version,
          command: [venvPython(venv), script],
          cwd: options.stateDir,
          env: settings(options),
        };
      },
    };
  },
};

function settings({ port, stateDir, hooksDir, env }: LaunchOptions): Record<string, string> {
  return defined({
    ...inherited(process.env, process.execPath),
    HOME: stateDir,
    TMPDIR: join(stateDir, 'tmp'),
    PYTHONUNBUFFERED: '1',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // Before Node 20, `localhost` may mean ::1 alone, where nothing listens.
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    LAMBDA_EXECUTOR: 'local',
    IOT_MTLS_ENABLED: '0',
    ...(hooksDir && { READY_HOOKS_READY_D: resolve(hooksDir) }),
    ...env,
  });
}
