import { script } from './cli.ts';

/** The folder of hooks that needs no build, as `npm run dist` writes it. */
export async function writeReadyDTemplate(folder: string): Promise<void> {
  const { code, stderr } = await script('scripts/ready-d.ts', [folder]);
  if (code !== 0) throw new Error(stderr);
}
