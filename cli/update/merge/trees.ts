// Owns git's trees of an update: those of two versions of a course, and that of the student's work.
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plumbing } from '../../student/plumbing.ts';
import { copyIndex, entryIn } from '../../student/transition/entry.ts';
import type { Pristine } from '../pristine.ts';

/** A file as git knows it. */
export interface Blob {
  readonly mode: string;
  /** Hex id. */
  readonly oid: string;
}

/** The files of a tree, by path. */
export type Tree = ReadonlyMap<string, Blob>;

/** A repository's mark for a repository inside. */
const GITLINK = '160000';

/** Stores the files of a version as git would for the person, executable where the course says so. */
export async function treeOfVersion(plumbing: Plumbing, { folder, files }: Pristine): Promise<Tree> {
  const input = files.map(({ path }) => `${path}\n`).join('');
  const oids = (await plumbing.line(['hash-object', '-w', '--stdin-paths'], { workTree: folder, input })).split('\n');
  return new Map(files.map(({ path, mode }, index) => [path, { mode, oid: oids[index] ?? '' }]));
}

/** Writes a tree from files. @param index absolute path of a file that may be overwritten. */
export async function writeTree(plumbing: Plumbing, tree: Tree, index: string): Promise<string> {
  await rm(index, { force: true });
  const input = [...tree].map(([path, { mode, oid }]) => `${mode} ${oid}\t${path}\0`).join('');
  await plumbing.run(['update-index', '-z', '--index-info'], { index, input });
  return plumbing.line(['write-tree'], { index });
}

/** Reads the files of a tree. */
export async function readTree(plumbing: Plumbing, oid: string): Promise<Tree> {
  const lines = await plumbing.list(['ls-tree', '-r', '-z', '--full-tree', oid]);
  return new Map(
    lines.map((line) => {
      const [head = '', path = ''] = splitAt(line, '\t');
      const [mode = '', , blob = ''] = head.split(' ');
      return [path, { mode, oid: blob }];
    }),
  );
}

/** A file of an index; stages 1 to 3 belong to a conflict. */
export interface IndexEntry extends Blob {
  readonly path: string;
  readonly stage: number;
}

export async function readIndex(plumbing: Plumbing, index: string): Promise<IndexEntry[]> {
  const lines = await plumbing.list(['ls-files', '--stage', '-z'], { index });
  return lines.map((line) => {
    const [head = '', path = ''] = splitAt(line, '\t');
    const [mode = '', oid = '', stage] = head.split(' ');
    return { mode, oid, path, stage: Number(stage) };
  });
}

export function isGitlink({ mode }: Blob): boolean {
  return mode === GITLINK;
}

/** The student's work. */
export interface Work {
  /** Hex id of a tree with everything that is not ignored, and not left out. */
  readonly tree: string;
  /** Tree of what is staged. */
  readonly staged: string;
  /** Paths that were not committed. */
  readonly uncommitted: readonly string[];
  /** Paths of new files that were too much. */
  readonly leftOut: readonly string[];
}

/** More bytes of new files than this are no work of a student's: they stay where they are, and are not committed. */
const MAX_NEW_BYTES = 100 * 1024 * 1024;

/**
 * Stores the student's work, and changes nothing of theirs.
 * @param paths files of the course: also where they are new or ignored, they belong to the work.
 * @param index absolute path of a file for the index.
 */
export async function storeWork(plumbing: Plumbing, paths: Iterable<string>, index: string): Promise<Work> {
  await copyIndex(join(plumbing.gitDir, 'index'), index).catch(() => rm(index, { force: true }));
  const staged = await plumbing.line(['write-tree'], { index });
  await plumbing.run(['update-index', '-q', '--refresh'], { index, answers: [1] });
  const changed = await removeGone(plumbing, index, await changedFiles(plumbing, index));
  const { taken, leftOut } = await newFiles(plumbing, index, new Set(paths));
  const there = [...changed, ...taken];
  const input = there.map((path) => `${path}\0`).join('');
  await plumbing.run(['update-index', '--add', '-z', '--stdin'], { index, input });
  const tree = await plumbing.line(['write-tree'], { index });
  return { tree, staged, uncommitted: await differences(plumbing, tree), leftOut };
}

/** Removes from an index what is not there any more. Returns the rest. */
async function removeGone(plumbing: Plumbing, index: string, paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(paths.map(async (path) => (await entryIn(plumbing.folder, path)) !== null));
  const gone = paths.filter((_, at) => !there[at]);
  const input = gone.map((path) => `${path}\0`).join('');
  await plumbing.run(['update-index', '--force-remove', '-z', '--stdin'], { index, input });
  return paths.filter((_, at) => there[at]);
}

/** Files that differ from the index. A repository inside is left alone. */
async function changedFiles(plumbing: Plumbing, index: string): Promise<string[]> {
  const fields = await plumbing.list(['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules'], { index });
  return fields.filter((_, at) => at % 2 === 1 && !fields[at - 1]?.startsWith(`:${GITLINK}`));
}

interface NewFiles {
  readonly taken: readonly string[];
  readonly leftOut: readonly string[];
}

async function newFiles(plumbing: Plumbing, index: string, paths: ReadonlySet<string>): Promise<NewFiles> {
  const others = await plumbing.list(['ls-files', '--others', '--exclude-standard', '-z'], { index });
  // A path that ends with a slash is a repository inside.
  const own = others.filter((path) => !path.endsWith('/') && !paths.has(path));
  const known = new Set(await plumbing.list(['ls-files', '-z'], { index }));
  const ofCourse = [];
  for (const path of paths) if (!known.has(path) && (await sizeOf(plumbing.folder, path)) >= 0) ofCourse.push(path);
  const isTooMuch = await isLarger(plumbing.folder, own, MAX_NEW_BYTES);
  return isTooMuch ? { taken: ofCourse, leftOut: own } : { taken: [...own, ...ofCourse], leftOut: [] };
}

async function isLarger(folder: string, files: readonly string[], bytes: number): Promise<boolean> {
  let room = bytes;
  for (const path of files) {
    room -= Math.max(0, await sizeOf(folder, path));
    if (room < 0) return true;
  }
  return false;
}

/** Bytes of a file or link; -1 if there is neither, or a link is on the way. */
async function sizeOf(folder: string, path: string): Promise<number> {
  if ((await entryIn(folder, path)) === null) return -1;
  return (await lstat(join(folder, path))).size;
}

/** Paths in which a tree differs from HEAD; before the first commit, from nothing. */
async function differences(plumbing: Plumbing, tree: string): Promise<string[]> {
  const head = await plumbing.line(['rev-parse', '--quiet', '--verify', 'HEAD^{tree}'], { answers: [1] });
  if (head === '') return [...(await readTree(plumbing, tree)).keys()];
  return plumbing.list(['diff-tree', '-r', '-z', '--name-only', '--no-renames', head, tree]);
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
