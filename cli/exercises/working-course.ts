// Owns finding the course that a person works in: one they started, or one they write.
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Course, parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { ProgyLock } from '../student/lock.ts';
import { startedCourseAround } from '../student/started-course.ts';
import { recoverCourse } from '../student/transition/place.ts';

/** A course in a folder that a person works in. */
export interface WorkingCourse {
  /** Absolute path of its root. */
  readonly folder: string;
  readonly course: Course;
  /** Undefined in the folder of an author, who started it from nothing. */
  readonly lock: ProgyLock | undefined;
}

/**
 * The course around a folder: the one that was started there, or else the nearest folder with a course.json.
 * @param cwd absolute.
 * @throws {CliError} NOT_IN_A_COURSE, LOCK_INVALID; {RegistryError} INVALID_COURSE and others for its course.json.
 */
export async function workingCourseAround(cwd: string): Promise<WorkingCourse> {
  const started = await startedCourseAround(cwd).catch((error) => {
    if (error instanceof CliError && error.code === 'NOT_IN_A_COURSE') return undefined;
    throw error;
  });
  const folder = started?.folder ?? (await nearestWithCourse(cwd));
  if (folder === undefined) throw new CliError('NOT_IN_A_COURSE', `${cwd} is not inside a course`);
  return { folder, course: parseCourse(await readFile(join(folder, COURSE_JSON))), lock: started?.lock };
}

/**
 * The course around the working folder, after going back from an update of it that was interrupted.
 * @throws {CliError} as {@link workingCourseAround} and {@link recoverCourse}.
 */
export async function openWorkingCourse(context: Context): Promise<WorkingCourse> {
  const working = await workingCourseAround(context.cwd);
  if (working.lock === undefined) return working;
  await recoverCourse(working.folder, context);
  return workingCourseAround(context.cwd);
}

async function nearestWithCourse(folder: string): Promise<string | undefined> {
  if (await isFile(join(folder, COURSE_JSON))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWithCourse(parent);
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
