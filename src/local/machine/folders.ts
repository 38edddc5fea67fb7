import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Record<string, string | undefined>;

/**
 * The folder for installations and the state of engines: `READY_HOOKS_CACHE_DIR`, otherwise `ready-hooks` in the user's
 * cache folder (XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows).
 */
export function cacheDir(env: Environment = process.env, platform: string = process.platform): string {
  if (env['READY_HOOKS_CACHE_DIR']) return env['READY_HOOKS_CACHE_DIR'];
  const home = env['HOME'] || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ready-hooks');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'ready-hooks');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'ready-hooks');
}

/** Default folder of the engine on this port. */
export function dataDir(port: number, cache: string = cacheDir()): string {
  return join(cache, 'engines', String(port));
}
