// Owns what a student has done to a course: which of its files they changed or removed, and which are their own.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { selectByGitignore } from '../course/selection.ts';
import { type Entry, entryIn } from '../student/transition/entry.ts';
import type { Place } from '../student/transition/store.ts';
import { isSameText } from './merge/line-ends.ts';
import type { Pristine } from './pristine.ts';

/** Paths relative to the course, sorted. */
export interface Comparison {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** The student's own; what is ignored does not count. */
  readonly added: readonly string[];
}

/** Compares a student's folder with the course as it was published. Line ends make no difference. */
export async function compareWith(pristine: Pristine, place: Place): Promise<Comparison> {
  const changed: string[] = [];
  const removed: string[] = [];
  for (const { path } of pristine.files) {
    const mine = await entryIn(place.folder, path);
    if (mine === null) removed.push(path);
    else if (!(await isUnchanged(mine, join(pristine.folder, path)))) changed.push(path);
  }
  const published = new Set(pristine.files.map(({ path }) => path));
  const added = (await filesOfStudent(place)).filter((path) => !published.has(path));
  return { changed: changed.sort(), removed: removed.sort(), added: added.sort() };
}

async function isUnchanged(mine: Entry, published: string): Promise<boolean> {
  return mine?.kind === 'file' && isSameText(await readFile(mine.copy), await readFile(published));
}

/** Files that are not ignored, without progy's own. */
async function filesOfStudent({ folder, plumbing }: Place): Promise<string[]> {
  const paths = plumbing
    ? await plumbing.list(['ls-files', '--cached', '--others', '--exclude-standard', '-z'])
    : await filesBelow(folder, '', selectByGitignore(folder));
  // In a conflict, git lists a path once for each side.
  const own = [...new Set(paths)].filter(
    (path) => path !== PROGY_LOCK && !path.startsWith('.progy/') && !path.endsWith('/'),
  );
  const there = await Promise.all(own.map(async (path) => (await entryIn(folder, path)) !== null));
  return own.filter((_, index) => there[index]);
}

async function filesBelow(
  root: string,
  folder: string,
  selection: ReturnType<typeof selectByGitignore>,
): Promise<string[]> {
  await selection.enter(folder);
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) paths.push(...(selection.takesFile(path) ? [path] : []));
    else if (entry.name !== '.git' && selection.takesFolder(path))
      paths.push(...(await filesBelow(root, path, selection)));
  }
  return paths;
}
