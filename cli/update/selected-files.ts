// Owns which files of a course a person means: by a path, or by the folder of an exercise.
import { relative, resolve, sep } from 'node:path';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import { exerciseFolders } from '../course/exercise-folders.ts';
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
 * those of the exercise whose folder or id it is.
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
  return pathsAt(paths, await exerciseNamed(pristine, wanted));
}

function pathsAt(paths: readonly string[], wanted: string): string[] {
  return wanted === '' ? [...paths] : paths.filter((path) => path === wanted || path.startsWith(`${wanted}/`));
}

async function exerciseNamed(pristine: Pristine, wanted: string): Promise<string> {
  const exercises = await exerciseFolders(pristine);
  const [found, ...others] = exercises.filter(({ path, id, name }) => {
    return id === wanted || name === wanted || path === wanted || path.endsWith(`/${wanted}`);
  });
  if (found !== undefined && others.length === 0) return found.path;
  const several = found === undefined ? [] : [found, ...others];
  const shown = quote(wanted);
  if (several.length === 0) throw new CliError('FILE_NOT_FOUND', `"${shown}" is no file and no exercise of the course`);
  const paths = several.map(({ path }) => quote(path)).join(', ');
  throw new CliError('FILE_NOT_FOUND', `"${shown}" may be any of ${paths}`, 'Choose one of them.');
}
