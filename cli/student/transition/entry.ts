// Owns what is at a path of a course: a file, a link or nothing, read, compared and put there.
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const fileSchema = z.object({
  kind: z.literal('file'),
  /** Permissions. */
  mode: z.number(),
  /** Absolute path of a copy of the content. */
  copy: z.string(),
});
const linkSchema = z.object({ kind: z.literal('link'), target: z.string() });

/** What is at a path; null: nothing, or a folder. */
export const entrySchema = z.union([fileSchema, linkSchema]).nullable();
export type Entry = z.infer<typeof entrySchema>;

const PERMISSIONS = 0o777;

/** Reads what is at an absolute path, without its content: `copy` is the path itself. */
export async function entryAt(path: string): Promise<Entry> {
  const stats = await lstat(path).catch(nothingThere);
  if (stats?.isSymbolicLink()) return { kind: 'link', target: await readlink(path) };
  return stats?.isFile() ? { kind: 'file', mode: stats.mode & PERMISSIONS, copy: path } : null;
}

/**
 * Reads what is at a path below a folder. Beyond a link there is nothing: it may lead anywhere.
 * @param root absolute.
 */
export async function entryIn(root: string, path: string): Promise<Entry> {
  return (await isBeyondLink(root, dirname(path))) ? null : entryAt(join(root, path));
}

async function isBeyondLink(root: string, folder: string): Promise<boolean> {
  if (folder === '.') return false;
  if (await isBeyondLink(root, dirname(folder))) return true;
  return (await lstat(join(root, folder)).catch(nothingThere))?.isSymbolicLink() === true;
}

/** True if both are the same, byte for byte. Permissions do not count. */
export async function isSame(one: Entry, other: Entry): Promise<boolean> {
  if (one === null || other === null) return one === other;
  if (one.kind === 'link' || other.kind === 'link')
    return 'target' in one && 'target' in other && one.target === other.target;
  const [a, b] = await Promise.all([lstat(one.copy), lstat(other.copy)]);
  if (a.size !== b.size) return false;
  return (await readFile(one.copy)).equals(await readFile(other.copy));
}

/**
 * Puts an entry at a path below a folder: at once, so that whoever reads finds the old one or the new one.
 * @param spare name of a file that may be written beside it meanwhile.
 * @throws the error of the file system; ENOTDIR if a folder on the way is a link, which could lead anywhere.
 */
export async function put(root: string, path: string, entry: NonNullable<Entry>, spare: string): Promise<void> {
  const folder = dirname(join(root, path));
  await makeFolders(root, dirname(path));
  const written = join(folder, spare);
  await rm(written, { force: true });
  if (entry.kind === 'link') await symlink(entry.target, written);
  else await copyWith(entry, written);
  await rename(written, join(root, path));
}

/** Removes a file or link at a path, and the folders that are empty then. @param spare as for `put`. */
export async function remove(root: string, path: string, spare: string): Promise<void> {
  if (await isBeyondLink(root, dirname(path))) return;
  if ((await entryAt(join(root, path))) !== null) await unlink(join(root, path));
  await unlink(join(root, dirname(path), spare)).catch(nothingThere);
  await removeEmpty(root, dirname(path));
}

/** Removes a folder and those above it, up to the root, as far as they are empty. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  if (folder === '.') return;
  try {
    await rmdir(join(root, folder));
  } catch {
    return;
  }
  await removeEmpty(root, dirname(folder));
}

async function makeFolders(root: string, folder: string): Promise<void> {
  if (folder === '.') return;
  await makeFolders(root, dirname(folder));
  const path = join(root, folder);
  const stats = await lstat(path).catch(nothingThere);
  if (stats === undefined) await mkdir(path);
  else if (!stats.isDirectory()) throw Object.assign(new Error(`not a folder: ${path}`), { code: 'ENOTDIR', path });
}

/**
 * Copies an index of git's, not younger than it is: git takes a file that changed in the second in which the index was
 * written for unchanged if the index looks younger.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { atime, mtimeMs } = await lstat(from);
  await copyFile(from, to);
  await utimes(to, atime, Math.floor(mtimeMs / 1000));
}

async function copyWith({ copy, mode }: { copy: string; mode: number }, to: string): Promise<void> {
  await copyFile(copy, to);
  await chmod(to, mode);
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
