// Owns which files of a course a person means: by a path, or by the folder of an exercise.
import { relative, resolve, sep } from 'node:path';
import { chooseExercise } from '../exercises/choose.ts';
import { exercisesOf } from './merge/exercise-moves.ts';
import type { Pristine } from './pristine.ts';

/** Where somebody stands in a course. All paths are absolute. */
export interface Standing {
  readonly folder: string;
  readonly cwd: string;
}

/**
 * The published files that a person means.
 * @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS.
 */
export async function selectFiles(pristine: Pristine, wanted: string, standing: Standing): Promise<string[]> {
  const paths = pristine.files.map(({ path }) => path);
  return selectPaths(pristine, paths, wanted, standing);
}

/**
 * The paths that a person means: those at a path or below it, seen from where they stand or from the top of the course, or
 * those of an exercise.
 * @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS.
 */
export async function selectPaths(
  pristine: Pristine,
  paths: readonly string[],
  wanted: string,
  { folder, cwd }: Standing,
): Promise<string[]> {
  const known = [...paths, ...pristine.files.map(({ path }) => path)];
  for (const from of [cwd, folder]) {
    const path = relative(folder, resolve(from, wanted)).split(sep).join('/');
    if (pathsAt(known, path).length > 0) return pathsAt(paths, path);
  }
  const { path } = chooseExercise(wanted, await exercisesOf(pristine.folder), { folder, cwd });
  return pathsAt(paths, path);
}

function pathsAt(paths: readonly string[], wanted: string): string[] {
  return wanted === '' ? [...paths] : paths.filter((path) => path === wanted || path.startsWith(`${wanted}/`));
}
