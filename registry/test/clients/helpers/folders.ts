// Owns folders in tests: creating a temporary one, and listing all files in one.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { comparePaths } from '@progy/protocol/course/course-files.ts';
import type { HashedEntry } from '@progy/protocol/course/tree-hash.ts';
import type { Test } from 'tap';

export interface FoundFile {
  /** Relative, with `/` between its parts. */
  path: string;
  /** The lowest nine bits of the mode. */
  permissions: number;
  /** Bytes. */
  size: number;
  /** Hex, of the content. */
  sha256: string;
}

/** A folder outside every repository, gone when the test ends. */
export async function temporaryFolder(t: Test): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'progy-client-')));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Every file below a folder, sorted by path.
 * @throws {Error} for a link or anything else that is neither a file nor a folder.
 */
export async function readFiles(root: string): Promise<FoundFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const strange = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (strange !== undefined) throw new Error(`${join(strange.parentPath, strange.name)} is no file`);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.sort().map((path) => describe(root, path)));
}

/** The files below a folder as files of a course, sorted by path, without those that `isOther` names. */
export async function readCourseFiles(
  root: string,
  isOther: (path: string) => boolean = () => false,
): Promise<HashedEntry[]> {
  const files = (await readFiles(root)).filter(({ path }) => !isOther(path));
  const entries = files.map(
    ({ permissions, ...file }): HashedEntry => ({ ...file, mode: permissions & 0o100 ? '100755' : '100644' }),
  );
  return entries.sort((a, b) => comparePaths(a.path, b.path));
}

async function describe(root: string, absolute: string): Promise<FoundFile> {
  const [{ mode }, content] = await Promise.all([stat(absolute), readFile(absolute)]);
  return {
    path: relative(root, absolute).replaceAll('\\', '/'),
    permissions: mode & 0o777,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}
