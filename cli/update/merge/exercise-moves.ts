// Owns what became of exercises between two versions: which are new, gone, or the same in another folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { type Exercise, exercisesIn, nameWithoutNumber, readModules } from '../../exercises/exercise.ts';

/** Folders of exercises, relative to the course. */
export interface ExerciseChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** New ids by old ones, where they differ. */
  readonly ids: ReadonlyMap<string, string>;
}

/** @param base absolute path of a published course; so is `next`. */
export async function exerciseChanges(base: string, next: string): Promise<ExerciseChanges> {
  const [before, after] = await Promise.all([exercisesOf(base), exercisesOf(next)]);
  const renamed = renamedExercises(before, after);
  const [left, come] = [new Set(renamed.map(({ from }) => from)), new Set(renamed.map(({ to }) => to))];
  const [old, present] = [pathsOf(before), pathsOf(after)];
  return {
    added: [...present].filter((path) => !old.has(path) && !come.has(path)),
    removed: [...old].filter((path) => !present.has(path) && !left.has(path)),
    renamed,
    ids: changedIds(before, after, renamed),
  };
}

function changedIds(
  before: readonly Known[],
  after: readonly Known[],
  renamed: ExerciseChanges['renamed'],
): ReadonlyMap<string, string> {
  const moves = new Map(renamed.map(({ from, to }) => [from, to]));
  const ids = new Map(after.map(({ path, id }) => [path, id]));
  const changed = before.flatMap(({ path, id }): [string, string][] => {
    const now = ids.get(moves.get(path) ?? path);
    return now === undefined || now === id ? [] : [[id, now]];
  });
  return new Map(changed);
}

/** All exercises of a published course, in order. @param folder absolute. */
export async function exercisesOf(folder: string): Promise<Exercise[]> {
  const course = parseCourse(await readFile(join(folder, COURSE_JSON)));
  return exercisesIn(await readModules({ folder, course, lock: undefined }));
}

/** What is known of an exercise's identity. */
type Known = Pick<Exercise, 'id' | 'module' | 'name' | 'path'>;

/** An author's id says it. Without one, it is a folder that went where one with the same name but for its number came. */
export function renamedExercises(before: readonly Known[], after: readonly Known[]): { from: string; to: string }[] {
  const byId = pairs(before, after, idOf);
  const known = new Set(byId.flatMap(({ from, to }) => [from, to]));
  const [old, present] = [pathsOf(before), pathsOf(after)];
  const gone = before.filter(({ path }) => !present.has(path) && !known.has(path));
  const come = after.filter(({ path }) => !old.has(path) && !known.has(path));
  return [...byId, ...pairs(gone, come, ({ name }) => nameWithoutNumber(name))].filter(({ from, to }) => from !== to);
}

/** Undefined without one of the author's. */
function idOf({ id, module, name }: Known): string | undefined {
  return id === `${module}/${name}` ? undefined : id;
}

/** Pairs of those that have the same key, which nobody else has. */
function pairs(
  before: readonly Known[],
  after: readonly Known[],
  keyOf: (exercise: Known) => string | undefined,
): { from: string; to: string }[] {
  const olds = Map.groupBy(before, keyOf);
  const news = Map.groupBy(after, keyOf);
  return [...olds].flatMap(([key, [from, ...others]]) => {
    const [to, ...rivals] = news.get(key) ?? [];
    const isOne = key !== undefined && others.length === 0 && rivals.length === 0;
    return isOne && from && to ? [{ from: from.path, to: to.path }] : [];
  });
}

function pathsOf(folders: readonly Known[]): Set<string> {
  return new Set(folders.map(({ path }) => path));
}

/**
 * Where each path goes when exercises move. An exercise stays where it is if anything is in the way.
 * @param paths all that are there.
 */
export function movedPaths(paths: Iterable<string>, renamed: ExerciseChanges['renamed']): Map<string, string> {
  const all = [...paths];
  const move = (path: string, moves: ExerciseChanges['renamed']) => {
    const found = moves.find(({ from }) => path.startsWith(`${from}/`));
    return found === undefined ? path : found.to + path.slice(found.from.length);
  };
  const staying = new Set(all.filter((path) => move(path, renamed) === path));
  const isFree = ({ to }: { to: string }) => ![...staying].some((path) => path.startsWith(`${to}/`) || path === to);
  const possible = renamed.filter(isFree);
  if (possible.length < renamed.length) return movedPaths(all, possible);
  return new Map(all.map((path) => [path, move(path, possible)]));
}
