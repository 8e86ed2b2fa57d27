// Owns checking a course in node_modules: every file of it, and no others.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { comparePaths } from '@progy/protocol/course/course-files.ts';
import { type HashedEntry, treeHash } from '@progy/protocol/course/tree-hash.ts';
import type { FileList } from '@progy/protocol/tar/tarball.ts';
import type { Test } from 'tap';
import { readCourseFiles } from './folders.ts';

/** What the registry adds to the files of a course. */
const ADDED = ['package.json', 'NOT-YOUR-COPY.md', '.progy/files.json'];

/** Asserts that a package folder holds the course of that tree hash, each file as its list says; returns the list. */
export async function checkInstalled(t: Test, folder: string, tree: string): Promise<FileList> {
  const list: FileList = JSON.parse(await readFile(join(folder, '.progy/files.json'), 'utf8'));
  t.equal(treeHash(list.files, nodePlatform), tree);
  const installed = await readCourseFiles(folder, (path) => ADDED.includes(path));
  t.strictSame(installed, listed(list), 'each as listed, and none besides');
  return list;
}

/** The files of a list, where a package has them. */
function listed({ files }: FileList): HashedEntry[] {
  const places = files.map(({ stored, path, ...file }) => ({ ...file, path: stored ?? path }));
  return places.sort((a, b) => comparePaths(a.path, b.path));
}
