// Owns checking the cache: content against its hash, entries against content, and what processes that were killed left.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ContentFile, contentFiles, orNone } from './content.ts';
import { type CacheEntry, listEntries } from './entries.ts';
import { findInUse } from './in-use.ts';
import { partFiles } from './part.ts';
import { removeEntries } from './tidy.ts';

/** What is in order, and what was removed because it is not. */
export interface Verified {
  /** Entries in order. */
  readonly sound: number;
  /** Entries with damaged or missing content; the next use downloads them again. */
  readonly damaged: readonly CacheEntry[];
  /** Files that no entry names: content, and leftovers of processes that were killed. */
  readonly leftovers: number;
  /** Bytes of the files that were removed. */
  readonly freed: number;
}

/** Checks everything in the cache, and removes what is damaged or of no use. What is in use is left alone. */
export async function verifyCache(folder: string): Promise<Verified> {
  const isInUse = await findInUse(folder);
  const files = (await contentFiles(folder)).filter(({ integrity }) => !isInUse(integrity));
  const broken = await brokenOf(files);
  const entries = await listEntries(folder);
  const damaged = entries.filter(({ integrity, size }) => size === undefined || broken.has(integrity));
  const named = new Set(entries.map(({ integrity }) => integrity));
  const unnamed = files.filter(({ integrity }) => !named.has(integrity) && !broken.has(integrity));
  const leftovers = [...unnamed, ...(await abandoned(folder))];
  await removeEntries(
    folder,
    damaged.map(({ key }) => key),
  );
  const freed = await removeFiles([...broken.values(), ...leftovers]);
  return { sound: entries.length - damaged.length, damaged, leftovers: leftovers.length, freed };
}

async function brokenOf(files: readonly ContentFile[]): Promise<Map<string, ContentFile>> {
  const broken = new Map<string, ContentFile>();
  for (const file of files) if (!(await isSound(file))) broken.set(file.integrity, file);
  return broken;
}

async function isSound({ path, integrity }: ContentFile): Promise<boolean> {
  const algorithm = integrity.slice(0, integrity.indexOf('-'));
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return `${algorithm}-${hash.digest('base64')}` === integrity;
}

interface Leftover {
  readonly path: string;
  readonly size: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Parts that no process downloads, as long as nobody can tell whether anybody will; and cacache's temporary files. */
async function abandoned(folder: string): Promise<Leftover[]> {
  const isOld = (time: Date) => Date.now() - time.getTime() > DAY_MS;
  const parts = (await partFiles(folder)).filter(({ isClaimed, usedAt }) => !isClaimed && isOld(usedAt));
  const temporary = join(folder, 'tmp');
  const names = await readdir(temporary).catch(orNone);
  const stats = await Promise.all(names.map((name) => stat(join(temporary, name)).catch(() => undefined)));
  const files = names.flatMap((name, index) => {
    const found = stats[index];
    return found !== undefined && isOld(found.mtime) ? [{ path: join(temporary, name), size: found.size }] : [];
  });
  return [...parts, ...files];
}

async function removeFiles(files: readonly Leftover[]): Promise<number> {
  for (const { path } of files) await rm(path, { recursive: true, force: true });
  return files.reduce((sum, { size }) => sum + size, 0);
}
