// Owns what the cache holds: tarballs of courses, answers of registries, and the beginnings of downloads.
import { contentFiles } from './content.ts';
import { partFiles } from './part.ts';
import { tarballUrl } from './tarballs.ts';

/** An entry of the index, and the content that it stands for. */
export interface CacheEntry {
  /** Of the index. */
  readonly key: string;
  /** Where it came from. */
  readonly url: string;
  readonly isTarball: boolean;
  /** SRI hash of the content. */
  readonly integrity: string;
  /** Bytes; undefined if the content is missing. */
  readonly size: number | undefined;
  readonly usedAt: Date;
}

/** All entries, the last used first. */
export async function listEntries(folder: string): Promise<CacheEntry[]> {
  const { default: cacache } = await import('cacache');
  const content = new Map((await contentFiles(folder)).map((file) => [file.integrity, file]));
  const entries = Object.values(await cacache.ls(folder)).map(({ key, integrity, time }): CacheEntry => {
    const file = content.get(integrity);
    const url = tarballUrl(key) ?? key.slice(key.search(/https?:/));
    const usedAt = new Date(Math.max(time, file?.usedAt.getTime() ?? 0));
    return { key, url, isTarball: tarballUrl(key) !== undefined, integrity, size: file?.size, usedAt };
  });
  return entries.sort((one, other) => other.usedAt.getTime() - one.usedAt.getTime());
}

/** Bytes of everything in the cache. Content of several entries counts once. */
export async function cacheSize(folder: string): Promise<number> {
  const files = [...(await contentFiles(folder)), ...(await partFiles(folder))];
  return files.reduce((sum, { size }) => sum + size, 0);
}
