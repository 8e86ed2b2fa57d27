// Owns finding the started course that the person is in, from any folder inside it.
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { CliError } from '../cli-error.ts';
import { type ProgyLock, readProgyLock } from './lock.ts';

/** A course that a student works in. */
export interface StartedCourse {
  /** Absolute path of its root: the folder with progy-lock.json. */
  readonly folder: string;
  readonly lock: ProgyLock;
}

/**
 * The course around a folder: the nearest folder above it, or itself, with a progy-lock.json.
 * @param cwd absolute.
 * @throws {CliError} NOT_IN_A_COURSE; LOCK_INVALID.
 */
export async function startedCourseAround(cwd: string): Promise<StartedCourse> {
  const folder = await nearestWithLock(cwd);
  if (folder === undefined) throw new CliError('NOT_IN_A_COURSE', `${cwd} is not inside a course`);
  return { folder, lock: await readProgyLock(folder) };
}

async function nearestWithLock(folder: string): Promise<string | undefined> {
  if (await isFile(join(folder, PROGY_LOCK))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWithLock(parent);
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
