// Owns what every command for exercises begins with: the course, its exercises, and how far the student is.
import type { Context } from '../context.ts';
import { chooseExercise, exerciseAround } from './choose.ts';
import { type Exercise, exercisesIn, type Module, readModules } from './exercise.ts';
import { firstOpen, followMoves, PROGRESS_FILE, type Progress, readProgress } from './progress.ts';
import { openWorkingCourse, type WorkingCourse } from './working-course.ts';

export interface OpenCourse extends WorkingCourse {
  readonly modules: readonly Module[];
  /** Of all modules, in order. */
  readonly exercises: readonly Exercise[];
  readonly progress: Progress;
}

/**
 * Opens the course around the working folder.
 * @throws {CliError} NOT_IN_A_COURSE, LOCK_INVALID; {RegistryError} for its course.json.
 */
export async function openCourse(context: Context): Promise<OpenCourse> {
  const working = await openWorkingCourse(context);
  const [modules, progress] = await Promise.all([readModules(working), readProgress(working.folder)]);
  const warning = WARNINGS[progress.state];
  if (warning !== undefined) context.talk.warn(warning);
  const exercises = exercisesIn(modules);
  return { ...working, modules, exercises, progress: followMoves(progress, exercises) };
}

const WARNINGS: Readonly<Record<Progress['state'], string | undefined>> = {
  sound: undefined,
  newer: `${PROGRESS_FILE} is from a newer progy, so this one does not change it.`,
  unreadable: `${PROGRESS_FILE} is not JSON, so nothing counts as done. Mend it, or get it back with git.`,
};

/**
 * The exercise that a command is for: the one that was named, the one whose folder the person is in, or the first that is
 * not done; undefined once all are.
 * @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS.
 */
export function exerciseFor(words: string | undefined, open: OpenCourse, cwd: string): Exercise | undefined {
  const place = { folder: open.folder, cwd };
  if (words !== undefined) return chooseExercise(words, open.exercises, place);
  return exerciseAround(open.exercises, place) ?? firstOpen(open.progress, open.exercises);
}
