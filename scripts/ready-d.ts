// Writes a hooks folder that needs no build to dist/ready.d or the given folder. Users edit its pipeline.json and mount it.
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUNTIME_FILE, selfNamedLauncher } from '../src/build/ready-d/launcher.ts';
import { bundleRuntime } from '../src/build/ready-d/runtime.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const HOOK = '10-events';

export async function writeReadyDTemplate(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'templates/ready.d'), folder, { recursive: true });
  await cp(join(root, 'schema/pipeline.schema.json'), join(folder, HOOK, 'pipeline.schema.json'));
  await writeFile(join(folder, RUNTIME_FILE), (await bundleRuntime()).bytes);
  const script = join(folder, `${HOOK}.sh`);
  await writeFile(
    script,
    selfNamedLauncher(
      'Creates the pipeline declared in pipeline.json, in the folder of the same name. For another pipeline, copy both.',
    ),
  );
  await chmod(script, 0o755);
}

if (import.meta.filename === process.argv[1]) await writeReadyDTemplate(process.argv[2] ?? join(root, 'dist/ready.d'));
