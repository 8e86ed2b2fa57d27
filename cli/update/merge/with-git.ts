// Owns merging a new version of a course into a student's work with git, away from their files.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plumbing } from '../../student/plumbing.ts';
import { type Entry, entryAt, entryIn, isSame } from '../../student/transition/entry.ts';
import type { Pristine } from '../pristine.ts';
import { type ExerciseChanges, movedPaths } from './exercise-moves.ts';
import { lineEndsOf, withLineEnds } from './line-ends.ts';
import {
  type Conflict,
  type ConflictKind,
  type KeptBoth,
  labelOfCourse,
  type Merged,
  pathBeside,
  YOURS,
} from './merged.ts';
import { type IndexEntry, isGitlink, readIndex, readTree, type Tree, treeOfVersion, writeTree } from './trees.ts';

/** What is to be merged. */
export interface Sides {
  /** The version that the student started from. */
  readonly base: Pristine;
  readonly next: Pristine;
  readonly renamed: ExerciseChanges['renamed'];
  /** Hex id of the tree of the student's work. */
  readonly work: string;
}

export interface MergedByGit extends Merged {
  /** Absolute path of the index that goes with the files. */
  readonly index: string;
  /** Commit of the new version, which a conflict names as its other side. */
  readonly theirs: string;
}

/**
 * Merges, and changes nothing that is the student's.
 * @param temporary absolute path of a folder for this alone.
 */
export async function mergeWithGit(plumbing: Plumbing, sides: Sides, temporary: string): Promise<MergedByGit> {
  const merging = await Merging.begin(plumbing, sides, temporary);
  await merging.merge();
  return merging.result();
}

/** git's mode of a link. */
const LINK = '120000';

class Merging {
  readonly #plumbing: Plumbing;
  readonly #version: string;
  readonly #index: string;
  readonly #workTree: string;
  /** The student's files, where exercises have moved to. */
  #work: Tree = new Map();
  /** Where they are on disk. */
  #origins: ReadonlyMap<string, string> = new Map();
  #places: ReadonlySet<string> = new Set();
  #base = '';
  #ours = '';
  #theirs = '';
  readonly #keptBoth: KeptBoth[] = [];

  private constructor(plumbing: Plumbing, version: string, temporary: string) {
    this.#plumbing = plumbing;
    this.#version = version;
    this.#index = join(temporary, 'index');
    this.#workTree = join(temporary, 'merge');
  }

  /** Stores the three sides, the student's files where the author has moved their exercises to. */
  static async begin(plumbing: Plumbing, sides: Sides, temporary: string): Promise<Merging> {
    const { base, next, renamed } = sides;
    const merging = new Merging(plumbing, next.version, temporary);
    await mkdir(merging.#workTree, { recursive: true });
    const work = await readTree(plumbing, sides.work);
    const moves = movedPaths(work.keys(), renamed);
    merging.#work = moved(work, moves);
    merging.#origins = originsOf(work, moves);
    merging.#places = new Set(merging.#origins.values());
    const old = await treeOfVersion(plumbing, base);
    const trees = {
      base: moved(old, movedPaths(old.keys(), movesMade(renamed, moves))),
      next: await treeOfVersion(plumbing, next),
    };
    const { base: b, next: n } = await matchLineEnds(plumbing, trees, merging.#work);
    const write = (tree: Tree) => writeTree(plumbing, tree, merging.#index);
    merging.#base = await write(b);
    merging.#theirs = await plumbing.commitTree(await write(n), [], labelOfCourse(next.version));
    merging.#ours = await plumbing.commitTree(await write(merging.#work), [], YOURS);
    return merging;
  }

  async merge(): Promise<void> {
    const [ours, theirs] = [this.#ours, this.#theirs];
    await this.#plumbing.run(['read-tree', ours], { index: this.#index });
    const env = { [`GITHEAD_${ours}`]: YOURS, [`GITHEAD_${theirs}`]: labelOfCourse(this.#version) };
    const settings = ['merge.renames=true', 'merge.directoryRenames=true', 'merge.conflictStyle=merge'];
    const options = settings.flatMap((setting) => ['-c', setting]);
    const merging = ['merge-recursive', '--ignore-cr-at-eol', this.#base, '--', ours, theirs];
    await this.#plumbing.run([...options, ...merging], {
      index: this.#index,
      workTree: this.#workTree,
      env,
      answers: [1],
    });
  }

  async result(): Promise<MergedByGit> {
    const entries = await readIndex(this.#plumbing, this.#index);
    const written = new Set(await filesBelow(this.#workTree, ''));
    const conflicts: Conflict[] = [];
    for (const stages of conflictsOf(entries)) {
      if (await this.#canBeBoth(stages, written)) await this.#keepBoth(stages, written);
      else conflicts.push({ path: stages.path, kind: kindOf(stages) });
    }
    const files = await this.#changes(entries, written);
    await this.#keepWork(files);
    return { files, conflicts, keptBoth: this.#keptBoth, index: this.#index, theirs: this.#theirs };
  }

  /** git leaves the student's file as it is, without marks, where it cannot merge two files. */
  async #canBeBoth({ path, ours, theirs }: Stages, written: ReadonlySet<string>): Promise<boolean> {
    if (ours === undefined || theirs === undefined) return false;
    const place = written.has(path) ? join(this.#workTree, path) : this.#diskPath(path);
    const content = place === undefined ? undefined : await readFile(place, 'latin1').catch(() => undefined);
    return content !== undefined && !/^<<<<<<< /m.test(content);
  }

  async #keepBoth({ path, ours, theirs }: Stages, written: Set<string>): Promise<void> {
    if (ours === undefined || theirs === undefined) return;
    const beside = pathBeside(path, this.#version, (other) => this.#work.has(other) || written.has(other));
    const { bytes } = await this.#plumbing.run(['cat-file', 'blob', theirs.oid]);
    await writeFile(join(this.#workTree, beside), bytes, { mode: theirs.mode === '100755' ? 0o777 : 0o666 });
    written.add(beside);
    const removed = `0 ${'0'.repeat(ours.oid.length)}\t${path}\0`;
    const added = [
      { ...ours, path },
      { ...theirs, path: beside },
    ].map(({ mode, oid, path }) => `${mode} ${oid}\t${path}\0`);
    const input = [removed, ...added].join('');
    await this.#plumbing.run(['update-index', '-z', '--index-info'], { index: this.#index, input });
    this.#keptBoth.push({ path, beside });
  }

  /** What git wrote is new; what it did not write, and still lists, is where the student has it. */
  async #changes(entries: readonly IndexEntry[], written: ReadonlySet<string>): Promise<Map<string, Entry>> {
    const changes = new Map<string, Entry>();
    const unchanged = new Set<string>();
    for (const path of written) {
      const [place, entry] = [await this.#placeFor(path), await entryAt(join(this.#workTree, path))];
      if (await this.#isThere(place, entry)) unchanged.add(place);
      else changes.set(place, entry);
    }
    const folders = foldersOf(written);
    for (const { path } of entries) {
      const origin = this.#origins.get(path);
      if (origin === undefined || changes.has(path) || unchanged.has(path) || folders.has(path)) continue;
      if (origin === path) unchanged.add(path);
      else changes.set(path, await entryIn(this.#plumbing.folder, origin));
    }
    for (const origin of this.#places) {
      if (!changes.has(origin) && !unchanged.has(origin)) changes.set(origin, null);
    }
    return changes;
  }

  /** Whether the student has exactly this file in this place. */
  async #isThere(path: string, entry: Entry): Promise<boolean> {
    const mine = await entryIn(this.#plumbing.folder, path);
    return (await isSame(mine, entry)) && isExecutable(mine) === isExecutable(entry);
  }

  /**
   * git can drop a file whose place was taken by a rename that both sides made, with what the student has written in it
   * since (seen with 2.39). Such a file stays.
   */
  async #keepWork(changes: Map<string, Entry>): Promise<void> {
    const base = await readTree(this.#plumbing, this.#base);
    for (const [path, origin] of this.#origins) {
      const mine = this.#work.get(path);
      const published = base.get(path);
      const isDropped = changes.get(origin) === null && mine?.mode !== LINK;
      if (!isDropped || mine === undefined || mine.oid === published?.oid) continue;
      const old = published && (await this.#plumbing.run(['cat-file', 'blob', published.oid])).bytes;
      if (await hasAllLines(await readFile(join(this.#plumbing.folder, origin)), old, changes.values())) continue;
      changes.delete(origin);
      const input = `${mine.mode} ${mine.oid}\t${origin}\0`;
      await this.#plumbing.run(['update-index', '-z', '--index-info'], { index: this.#index, input });
    }
  }

  /** A file that git knows nothing of, because it is ignored, stays: what came for its path goes beside it. */
  async #placeFor(path: string): Promise<string> {
    const isKnown = this.#work.has(path) || this.#places.has(path);
    if (isKnown || (await entryIn(this.#plumbing.folder, path)) === null) return path;
    const beside = pathBeside(path, this.#version, (other) => this.#work.has(other));
    this.#keptBoth.push({ path, beside });
    return beside;
  }

  #diskPath(path: string): string | undefined {
    const origin = this.#origins.get(path);
    return origin === undefined ? undefined : join(this.#plumbing.folder, origin);
  }
}

/** The sides of a conflict at a path. */
interface Stages {
  readonly path: string;
  readonly base: IndexEntry | undefined;
  readonly ours: IndexEntry | undefined;
  readonly theirs: IndexEntry | undefined;
}

function conflictsOf(entries: readonly IndexEntry[]): Stages[] {
  const open = Map.groupBy(
    entries.filter(({ stage }) => stage > 0),
    ({ path }) => path,
  );
  return [...open].map(([path, stages]) => {
    const at = (wanted: number) => stages.find(({ stage }) => stage === wanted);
    return { path, base: at(1), ours: at(2), theirs: at(3) };
  });
}

function kindOf({ base, ours, theirs }: Stages): ConflictKind {
  if (theirs === undefined) return 'removed-by-course';
  if (ours === undefined) return 'removed-by-you';
  return base === undefined ? 'both-added' : 'both-changed';
}

function isExecutable(entry: Entry): boolean {
  return entry?.kind === 'file' && (entry.mode & 0o100) !== 0;
}

/** Whether files hold every line of the student's that was not published. */
async function hasAllLines(mine: Buffer, published: Buffer | undefined, files: Iterable<Entry>): Promise<boolean> {
  const missing = linesOf(mine).difference(published === undefined ? new Set() : linesOf(published));
  for (const entry of files) {
    if (missing.size === 0) return true;
    if (entry?.kind === 'file') for (const line of linesOf(await readFile(entry.copy))) missing.delete(line);
  }
  return missing.size === 0;
}

function linesOf(bytes: Buffer): Set<string> {
  return new Set(bytes.toString('latin1').split(/\r?\n/));
}

/** The moves that nothing was in the way of. */
function movesMade(renamed: Sides['renamed'], moves: ReadonlyMap<string, string>): Sides['renamed'] {
  const isStuck = ({ from }: { from: string }) =>
    [...moves].some(([path, to]) => path === to && path.startsWith(`${from}/`));
  return renamed.filter((move) => !isStuck(move));
}

/** Where each file was. A repository inside is no file of the student's here, and stays. */
function originsOf(work: Tree, moves: ReadonlyMap<string, string>): Map<string, string> {
  const files = [...work].filter(([, blob]) => !isGitlink(blob));
  return new Map(files.map(([path]) => [moves.get(path) ?? path, path]));
}

function moved(tree: Tree, moves: ReadonlyMap<string, string>): Tree {
  return new Map([...tree].map(([path, blob]) => [moves.get(path) ?? path, blob]));
}

/** Both versions with the student's line ends, where all three differ: otherwise every line would be a conflict. */
async function matchLineEnds(
  plumbing: Plumbing,
  { base, next }: { base: Tree; next: Tree },
  work: Tree,
): Promise<{ base: Tree; next: Tree }> {
  const matched = { base: new Map(base), next: new Map(next) };
  const read = async (oid: string) => (await plumbing.run(['cat-file', 'blob', oid])).bytes;
  for (const [path, mine] of work) {
    const [old, come] = [base.get(path), next.get(path)];
    if (!old || !come || new Set([mine.oid, old.oid, come.oid]).size < 3) continue;
    const wanted = lineEndsOf(await read(mine.oid));
    for (const [tree, blob] of [
      [matched.base, old],
      [matched.next, come],
    ] as const) {
      const input = withLineEnds(await read(blob.oid), wanted);
      tree.set(path, { ...blob, oid: await plumbing.line(['hash-object', '-w', '--stdin'], { input }) });
    }
  }
  return matched;
}

/** Paths of all files and links below a folder, with slashes. */
async function filesBelow(root: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await filesBelow(root, path)));
    else paths.push(path);
  }
  return paths;
}

/** The folders that hold paths. */
function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at));
  }
  return folders;
}
