// Owns where downloaded courses are cached between runs.
import { posix, win32 } from 'node:path';
import type { Environment } from '../context.ts';

/** The Progy cache folder: `~/.progy/cache/registry`, or `%LOCALAPPDATA%\progy\cache\registry` on Windows. pacote keeps a cacache in it. */
export function cacheFolder(platform: string, env: Environment, home: string): string {
  if (platform !== 'win32') return posix.join(home, '.progy', 'cache', 'registry');
  const localData = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
  return win32.join(localData, 'progy', 'cache', 'registry');
}
