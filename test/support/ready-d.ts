import { script } from './cli.ts';

/** Writes the hooks that need no build, as `npm run dist` does. */
export async function writeReadyDTemplate(folder: string): Promise<void> {
  const { code, stderr } = await script('scripts/ready-d.ts', [folder]);
  if (code !== 0) throw new Error(stderr);
}
