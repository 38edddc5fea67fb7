import type { InstallOptions } from '../machine/installed.ts';
import type { Product } from '../process/product.ts';
import { installKinesis, installLocalStack } from './install.ts';
import { layOut, layOutKinesis } from './layout.ts';
import { prepareLocalStack } from './prepare.ts';
import type { Selection } from './releases.ts';
import { select } from './select.ts';
import { engineFolders } from './settings.ts';

/** LocalStack from PyPI, with the Kinesis engine of its release and an executor that runs functions as processes. */
export const localstack: Product = {
  name: 'localstack',
  async install({ version, ...options }) {
    const selected = await select(version, options);
    const { release, python } = selected;
    const [folders, kinesis] = await Promise.all([
      installAndPrepare(selected, options),
      installKinesis(release, options),
    ]);
    return {
      version: release.version,
      layOut(options) {
        const launch = layOut({ product: 'localstack', version: release.version, python, ...folders }, options);
        layOutKinesis(engineFolders(options.stateDir).root, release, kinesis);
        return launch;
      },
    };
  },
};

async function installAndPrepare(selected: Selection, options: InstallOptions) {
  const venv = await installLocalStack(selected, options);
  return { venv, prepared: await prepareLocalStack(venv, selected.release, options) };
}
