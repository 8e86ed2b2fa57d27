// Owns a course in node_modules: its files, and the tarball that it was installed from, made again.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unsoundArchive } from '@progy/protocol/archive-error.ts';
import { gzip } from '@progy/protocol/bytes/gzip.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { checkPath } from '@progy/protocol/course/course-files.ts';
import { type FileList, MAX_FILE_LIST_BYTES, parseFileList } from '@progy/protocol/tar/file-list.ts';
import { packTar, type TarFile } from '@progy/protocol/tar/tar-packing.ts';
import { entryNameOf, FILE_LIST_ENTRY, MANIFEST_ENTRY, NOTICE_ENTRY } from '@progy/protocol/tar/tarball-layout.ts';
import type { PackageFile } from './lockfiles/yarn-zip.ts';

const ROOT = 'package/';
const unsound = unsoundArchive('The installed course');

export interface InstalledCourse {
  /** Absolute path below node_modules. Package managers share its files between projects: nothing may write here. */
  readonly folder: string;
  readonly list: FileList;
}

/** Where a package manager installs a package. @param project absolute. */
export function installedFolder(project: string, name: string): string {
  return join(project, 'node_modules', ...name.split('/'));
}

/**
 * Reads the list of a course that is installed; undefined if none is.
 * @throws {RegistryError} INVALID_ARTIFACT for a list that is not one.
 */
export async function readInstalled(project: string, name: string): Promise<InstalledCourse | undefined> {
  const folder = installedFolder(project, name);
  const path = join(folder, FILE_LIST_ENTRY.slice(ROOT.length));
  const size = await stat(path).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  if (size > MAX_FILE_LIST_BYTES) throw unsound('has a list of files that is too large', path);
  const list = parseFileList(await readFile(path), unsound);
  for (const { path } of list.files) checkPath(path);
  return { folder, list };
}

/**
 * The tarball of an installed course. Made with the same deflate as the registry's, it has the same bytes; with another, as in
 * Bun, it holds the same files. Whether they are unchanged shows when it is read.
 */
export function tarballOf(course: InstalledCourse): AsyncIterable<Uint8Array> {
  return gzip(packTar(entriesOf(course)), nodePlatform);
}

/** The files of the package as Yarn packs them: the same whatever the deflate. */
export async function* packageFilesIn(course: InstalledCourse): AsyncIterable<PackageFile> {
  for await (const { name, mode, content } of entriesOf(course)) yield { path: name.slice(ROOT.length), mode, content };
}

/**
 * npm's manifest and the notice first, the list last, as the registry writes them; tarballs of before have no notice. Modes come
 * from the list: not every disk keeps them.
 */
async function* entriesOf({ folder, list }: InstalledCourse): AsyncIterable<TarFile> {
  const files = list.files.map(({ path, mode }) => ({ name: entryNameOf(path), mode, isOptional: false }));
  const ours = (name: string, isOptional = false) => ({ name, mode: '100644' as const, isOptional });
  const entries = [ours(MANIFEST_ENTRY), ours(NOTICE_ENTRY, true), ...files, ours(FILE_LIST_ENTRY)];
  for (const { name, mode, isOptional } of entries) {
    const path = join(folder, name.slice(ROOT.length));
    const size = await sizeOf(path, isOptional);
    if (size !== undefined) yield { name, mode, size, content: createReadStream(path) };
  }
}

async function sizeOf(path: string, isOptional: boolean): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (!isOptional || error.code !== 'ENOENT') throw error;
      return undefined;
    },
  );
}
