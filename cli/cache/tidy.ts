// Owns keeping the cache small: what was used least recently goes first, and what is in use stays.
import { rm } from 'node:fs/promises';
import { type ContentFile, contentFiles } from './content.ts';
import { findInUse } from './in-use.ts';
import { type PartFile, partFiles } from './part.ts';

/** What was removed, and what is left. */
export interface Tidied {
  /** Files. */
  readonly removed: number;
  /** Bytes. */
  readonly freed: number;
  /** Bytes that are left. */
  readonly size: number;
}

/** Removes the least recently used content until the cache is no larger than `limit` bytes. Cheap if it is not. */
export async function keepWithin(folder: string, limit: number): Promise<Tidied> {
  const files = [...(await contentFiles(folder)), ...(await partFiles(folder))];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size <= limit) return { removed: 0, freed: 0, size };
  return removeOldest(folder, files, size - limit);
}

/** Removes everything that is not in use. */
export async function removeAll(folder: string): Promise<Tidied> {
  const files = [...(await contentFiles(folder)), ...(await partFiles(folder))];
  return removeOldest(folder, files, Number.POSITIVE_INFINITY);
}

type CacheFile = ContentFile | PartFile;

/** @param excess bytes to free. */
async function removeOldest(folder: string, files: readonly CacheFile[], excess: number): Promise<Tidied> {
  const [isInUse, keysOf] = await Promise.all([findInUse(folder), findKeys(folder)]);
  const isFree = (file: CacheFile) => ('isClaimed' in file ? !file.isClaimed : !isInUse(file.integrity));
  const oldest = files.filter(isFree).sort((one, other) => one.usedAt.getTime() - other.usedAt.getTime());
  let [removed, freed] = [0, 0];
  for (const file of oldest) {
    if (freed >= excess) break;
    if (!(await removeFile(folder, file, 'integrity' in file ? keysOf(file.integrity) : []))) continue;
    removed++;
    freed += file.size;
  }
  return { removed, freed, size: files.reduce((sum, { size }) => sum + size, 0) - freed };
}

/** The index first: an entry must not name content that is not there. Windows refuses to remove a file that is open. */
async function removeFile(folder: string, { path }: CacheFile, keys: readonly string[]): Promise<boolean> {
  await removeEntries(folder, keys);
  return rm(path, { force: true }).then(
    () => true,
    () => false,
  );
}

/** Removes entries of the index; content stays. */
export async function removeEntries(folder: string, keys: readonly string[]): Promise<void> {
  const { default: cacache } = await import('cacache');
  for (const key of keys) await cacache.rm.entry(folder, key, { removeFully: true });
}

async function findKeys(folder: string): Promise<(integrity: string) => string[]> {
  const { default: cacache } = await import('cacache');
  const entries = Map.groupBy(Object.values(await cacache.ls(folder)), ({ integrity }) => integrity);
  return (integrity) => (entries.get(integrity) ?? []).map(({ key }) => key);
}
