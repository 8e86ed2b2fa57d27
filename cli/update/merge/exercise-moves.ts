// Owns what became of exercises between two versions: which are new, gone, or the same in another folder.
import { type CourseTree, type ExerciseFolder, exerciseFolders } from '../../course/exercise-folders.ts';

/** Folders of exercises, relative to the course. */
export interface ExerciseChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

export async function exerciseChanges(base: CourseTree, next: CourseTree): Promise<ExerciseChanges> {
  const [before, after] = await Promise.all([exerciseFolders(base), exerciseFolders(next)]);
  const renamed = renamedExercises(before, after);
  const [left, come] = [new Set(renamed.map(({ from }) => from)), new Set(renamed.map(({ to }) => to))];
  const [old, present] = [pathsOf(before), pathsOf(after)];
  return {
    added: [...present].filter((path) => !old.has(path) && !come.has(path)),
    removed: [...old].filter((path) => !present.has(path) && !left.has(path)),
    renamed,
  };
}

/** An author's id says it. Without one, it is a folder that went where one with the same name but for its number came. */
export function renamedExercises(
  before: readonly ExerciseFolder[],
  after: readonly ExerciseFolder[],
): { from: string; to: string }[] {
  const byId = pairs(before, after, ({ id }) => id);
  const known = new Set(byId.flatMap(({ from, to }) => [from, to]));
  const [old, present] = [pathsOf(before), pathsOf(after)];
  const gone = before.filter(({ path }) => !present.has(path) && !known.has(path));
  const come = after.filter(({ path }) => !old.has(path) && !known.has(path));
  return [...byId, ...pairs(gone, come, ({ name }) => name)].filter(({ from, to }) => from !== to);
}

/** Pairs of those that have the same key, which nobody else has. */
function pairs(
  before: readonly ExerciseFolder[],
  after: readonly ExerciseFolder[],
  keyOf: (folder: ExerciseFolder) => string | undefined,
): { from: string; to: string }[] {
  const olds = Map.groupBy(before, keyOf);
  const news = Map.groupBy(after, keyOf);
  return [...olds].flatMap(([key, [from, ...others]]) => {
    const [to, ...rivals] = news.get(key) ?? [];
    const isOne = key !== undefined && others.length === 0 && rivals.length === 0;
    return isOne && from && to ? [{ from: from.path, to: to.path }] : [];
  });
}

function pathsOf(folders: readonly ExerciseFolder[]): Set<string> {
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
