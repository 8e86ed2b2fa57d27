// Owns where downloads are cached between runs, and how much room they may take.
import { mkdir } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { keepWithin } from '../cache/tidy.ts';
import { CliError } from '../cli-error.ts';
import type { Context, Environment } from '../context.ts';
import type { CacheUse } from '../network/kept-exchange.ts';
import { readNpmrc, readSetting, userNpmrcPath } from './npmrc.ts';

const DEFAULT_LIMIT = 1_000_000_000;

/** The Progy cache folder: `~/.progy/cache/registry`, or `%LOCALAPPDATA%\progy\cache\registry` on Windows. pacote keeps a cacache in it. */
export function cacheFolder(platform: string, env: Environment, home: string): string {
  if (platform !== 'win32') return posix.join(home, '.progy', 'cache', 'registry');
  const localData = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
  return win32.join(localData, 'progy', 'cache', 'registry');
}

/** npm warns about settings that it does not know, unless they have a colon. */
const SETTING = '@progy:cache-size';

/**
 * Bytes that the cache may take: PROGY_CACHE_SIZE, then `@progy:cache-size` of the user's .npmrc, then 1 GB.
 * @throws {CliError} USAGE for anything but a size.
 */
export async function cacheLimit({ env, home }: Pick<Context, 'env' | 'home'>): Promise<number> {
  const text = env.PROGY_CACHE_SIZE || readSetting(await readNpmrc(userNpmrcPath(env, home)), SETTING);
  return text === undefined || text === '' ? DEFAULT_LIMIT : parseSize(text);
}

/**
 * The cache folder, made if it is not there. Nobody else may read it: answers may be for one account only, and their entries
 * hold its token, because they vary with it.
 */
export async function openCache({ env, home }: Pick<Context, 'env' | 'home'>): Promise<string> {
  const folder = cacheFolder(process.platform, env, home);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
  return folder;
}

/** What --offline and --prefer-offline say. */
export interface OfflineOptions {
  readonly offline?: boolean;
  readonly preferOffline?: boolean;
}

export function cacheUseOf({ offline, preferOffline }: OfflineOptions): CacheUse {
  if (offline) return 'only';
  return preferOffline ? 'preferred' : 'usual';
}

/** Makes room after a command that has written, if the cache is too large. Never fails: the command has succeeded. */
export async function tidyCache({ env, home, talk }: Context): Promise<void> {
  const folder = cacheFolder(process.platform, env, home);
  try {
    await keepWithin(folder, await cacheLimit({ env, home }));
  } catch (error) {
    talk.note(`The cache in ${folder} could not be made smaller: ${error instanceof Error ? error.message : error}`);
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 };

/**
 * Bytes of a size that a person wrote: `500 MB`, `2GB`, `1.5g`, `1000`.
 * @throws {CliError} USAGE.
 */
export function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{0,2})$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number !== '' && factor !== undefined) return Math.floor(Number(number) * factor);
  throw new CliError('USAGE', `"${text}" is not a size`, 'Use a size such as 500MB or 2GB.');
}
