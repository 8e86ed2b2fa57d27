// Owns opening the started course that the person is in: what was interrupted in it is put right first.
import type { Context } from '../context.ts';
import { type StartedCourse, startedCourseAround } from './started-course.ts';
import { recoverCourse } from './transition/place.ts';

/**
 * The course around the working folder, after going back from an update that was interrupted.
 * @throws {CliError} as {@link startedCourseAround} and {@link recoverCourse}.
 */
export async function openCourse(context: Context): Promise<StartedCourse> {
  const { folder } = await startedCourseAround(context.cwd);
  await recoverCourse(folder, context);
  return startedCourseAround(folder);
}
