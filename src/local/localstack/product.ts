import type { Product } from '../process/product.ts';
import { venvPython } from '../python/venv.ts';
import { installKinesis, installLocalStack } from './install.ts';
import { layOut } from './layout.ts';
import { select } from './select.ts';
import { engineEnvironment } from './settings.ts';

/** LocalStack from PyPI, with the Kinesis engine of its release and an executor that runs functions as processes. */
export const localstack: Product = {
  name: 'localstack',
  async install({ version, ...options }) {
    const selected = await select(version, options);
    const [venv, kinesis] = await Promise.all([
      installLocalStack(selected, options),
      installKinesis(selected.release, options),
    ]);
    return {
      version: selected.release.version,
      layOut({ port, stateDir, hooksDir, env: extra }) {
        const folders = layOut(stateDir, kinesis, selected.release, hooksDir);
        const node = process.execPath;
        return {
          version: selected.release.version,
          pythonVersion: selected.python.version,
          command: [venvPython(venv), folders.startScript],
          cwd: folders.root,
          env: engineEnvironment(process.env, { port, node, folders, ...(extra && { extra }) }),
        };
      },
    };
  },
};
