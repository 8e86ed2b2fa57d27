// Owns the tree hash: one hash for the files of a course, whatever archive holds them.

import { sha256Hex, toHex } from '../bytes/integrity.ts';
import type { Platform } from '../bytes/platform.ts';
import { type CourseEntry, type CourseFile, comparePaths } from './course-files.ts';

/** What the tree hash covers of a file. `sha256` is hex, of the content. */
export interface HashedEntry extends CourseEntry {
  readonly sha256: string;
}

/**
 * Hex sha256 over one line per file, sorted by path: `<mode> <sha256> <path>\n`, with git's modes 100644 and 100755.
 * Valid paths hold no line feed, so lines cannot be forged. The `.progy` file, the tarball and a student's folder
 * of one version all have the same tree hash.
 */
export function treeHash(entries: Iterable<HashedEntry>, platform: Platform): string {
  const sorted = [...entries].sort((a, b) => comparePaths(a.path, b.path));
  return sha256Hex(sorted.map((entry) => `${entry.mode} ${entry.sha256} ${entry.path}\n`).join(''), platform);
}

/** Reads every file and hashes it. Keeps the hashes, not the contents. */
export async function hashFiles(files: AsyncIterable<CourseFile>, platform: Platform): Promise<HashedEntry[]> {
  const entries: HashedEntry[] = [];
  for await (const { path, mode, size, content } of files) {
    const hash = platform.createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    entries.push({ path, mode, size, sha256: toHex(hash.digest()) });
  }
  return entries;
}
