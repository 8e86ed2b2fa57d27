// Owns which files of a course a person means: by a path, or by the folder of an exercise.
import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import { exerciseFolders } from '../course/exercise-folders.ts';
import { chooseExercise } from '../exercises/choose.ts';
import { exercisesIn, readModules } from '../exercises/exercise.ts';
import type { Pristine } from './pristine.ts';

/** Where somebody stands in a course. All paths are absolute. */
export interface Standing {
  readonly folder: string;
  readonly cwd: string;
}

/**
 * The published files that a person means.
 * @throws {CliError} FILE_NOT_FOUND.
 */
export async function selectFiles(pristine: Pristine, wanted: string, standing: Standing): Promise<string[]> {
  const paths = pristine.files.map(({ path }) => path);
  return selectPaths(pristine, paths, wanted, standing);
}

/**
 * The paths that a person means: those at a path or below it, seen from where they stand or from the top of the course, or
 * those of the exercise that it names: a folder, an id, a number such as `2.1`, or a part of a title.
 * @throws {CliError} FILE_NOT_FOUND, with the exercises that come close.
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
  return pathsAt(paths, await exerciseNamed(pristine, wanted, { folder, cwd }));
}

function pathsAt(paths: readonly string[], wanted: string): string[] {
  return wanted === '' ? [...paths] : paths.filter((path) => path === wanted || path.startsWith(`${wanted}/`));
}

async function exerciseNamed(pristine: Pristine, wanted: string, standing: Standing): Promise<string> {
  const exercises = await exerciseFolders(pristine);
  const [found, ...others] = exercises.filter(({ path, id, name }) => {
    return id === wanted || name === wanted || path === wanted || path.endsWith(`/${wanted}`);
  });
  if (found !== undefined && others.length === 0) return found.path;
  const several = found === undefined ? [] : [found, ...others];
  if (several.length === 0) return exerciseMeant(pristine, wanted, standing);
  const shown = quote(wanted);
  const paths = several.map(({ path }) => quote(path)).join(', ');
  throw new CliError('FILE_NOT_FOUND', `"${shown}" may be any of ${paths}`, 'Choose one of them.');
}

/** As `progy list` numbers and names them. */
async function exerciseMeant({ folder }: Pristine, wanted: string, standing: Standing): Promise<string> {
  const course = parseCourse(await readFile(join(folder, COURSE_JSON)));
  const exercises = exercisesIn(await readModules({ folder, course, lock: undefined }));
  try {
    return chooseExercise(wanted, exercises, standing).path;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'EXERCISE_NOT_FOUND') throw error;
    throw new CliError(
      'FILE_NOT_FOUND',
      `"${quote(wanted)}" is no file and no exercise of the course`,
      'See the exercises: progy list',
    );
  }
}
