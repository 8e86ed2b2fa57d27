// Owns where cacache keeps content (content-v2/sha512/ab/cd/…), and when each file was last used: its modification time.
import { readdir, stat, utimes } from 'node:fs/promises';
import { join, sep } from 'node:path';

const CONTENT = 'content-v2';

/** A file of content. */
export interface ContentFile {
  /** Absolute. */
  readonly path: string;
  /** SRI hash that the path stands for. */
  readonly integrity: string;
  /** Bytes. */
  readonly size: number;
  readonly usedAt: Date;
}

/** Where the content with a hash is, or would be. @param integrity one SRI hash. */
export function contentPath(folder: string, integrity: string): string {
  const [algorithm = '', digest = ''] = splitOnce(integrity);
  const hex = Buffer.from(digest, 'base64').toString('hex');
  return join(folder, CONTENT, algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

/** All files of content in a cache. */
export async function contentFiles(folder: string): Promise<ContentFile[]> {
  const root = join(folder, CONTENT);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(orNone);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(paths.map((path) => describeFile(root, path)));
  return files.filter((file) => file !== undefined);
}

/** Remembers that content is used now. It may be gone. */
export async function markUsed(folder: string, integrity: string): Promise<void> {
  const now = new Date();
  await utimes(contentPath(folder, integrity), now, now).catch(() => {});
}

async function describeFile(root: string, path: string): Promise<ContentFile | undefined> {
  const [algorithm = '', ...hex] = path.slice(root.length + 1).split(sep);
  const integrity = `${algorithm}-${Buffer.from(hex.join(''), 'hex').toString('base64')}`;
  const stats = await stat(path).catch(() => undefined);
  return stats && { path, integrity, size: stats.size, usedAt: stats.mtime };
}

function splitOnce(integrity: string): [string, string] {
  const dash = integrity.indexOf('-');
  return [integrity.slice(0, dash), integrity.slice(dash + 1)];
}

/** A folder that is not there holds nothing. */
export function orNone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}
