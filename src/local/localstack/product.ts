import type { InstallOptions } from '../machine/installed.ts';
import type { Product } from '../process/product.ts';
import { venvPython } from '../python/venv.ts';
import { installKinesis, installLocalStack } from './install.ts';
import { layOut } from './layout.ts';
import { prepareLocalStack } from './prepare.ts';
import type { Selection } from './releases.ts';
import { select } from './select.ts';
import { engineEnvironment } from './settings.ts';

/** LocalStack from PyPI, with the Kinesis engine of its release and an executor that runs functions as processes. */
export const localstack: Product = {
  name: 'localstack',
  async install({ version, ...options }) {
    const selected = await select(version, options);
    const { release } = selected;
    const [{ venv, prepared }, kinesis] = await Promise.all([
      installAndPrepare(selected, options),
      installKinesis(release, options),
    ]);
    return {
      version: release.version,
      layOut({ port, stateDir, hooksDir, env: extra }) {
        const folders = layOut(stateDir, { release, prepared, kinesis }, hooksDir);
        const node = process.execPath;
        return {
          version: release.version,
          pythonVersion: selected.python.version,
          command: [venvPython(venv), folders.startScript],
          cwd: folders.root,
          env: engineEnvironment(process.env, { port, node, folders, ...(extra && { extra }) }),
        };
      },
    };
  },
};

async function installAndPrepare(selected: Selection, options: InstallOptions) {
  const venv = await installLocalStack(selected, options);
  return { venv, prepared: await prepareLocalStack(venv, selected.release, options) };
}
