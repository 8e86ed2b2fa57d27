// Owns putting right, before any command, what was interrupted in the course that the person is in.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { Context } from './context.ts';

/** Where a change of a course says that it has begun: as in student/transition, which takes long to load. */
const MARKS = [join('.git', 'progy', 'unfinished'), join('.progy', 'backup', 'unfinished')];

/**
 * Goes back from a change of the course around the working folder that was interrupted, and says so. Costs next to nothing
 * if none was.
 * @throws {CliError} BUSY, GIT_FAILED.
 */
export async function recoverInterrupted(context: Context): Promise<void> {
  const folder = courseAround(context.cwd);
  if (folder === undefined || !MARKS.some((mark) => existsSync(join(folder, mark)))) return;
  const { recoverCourse } = await import('./student/transition/place.ts');
  await recoverCourse(folder, context);
}

function courseAround(folder: string): string | undefined {
  if (existsSync(join(folder, PROGY_LOCK))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : courseAround(parent);
}
