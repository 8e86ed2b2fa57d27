// Owns `progy done`: marking an exercise by hand.
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import type { Exercise } from '../exercises/exercise.ts';
import { exerciseFor, openCourse } from '../exercises/open-course.ts';
import { afterMark, changeProgress, firstOpen, withoutMark } from '../exercises/progress.ts';
import type { DoneOptions } from '../usage/done.ts';
import { exerciseJson, exerciseName } from '../views/exercises/exercise.ts';

interface DoneResult {
  readonly exercise: Exercise;
  readonly done: boolean;
  /** The first exercise that is not done now. */
  readonly next: Exercise | undefined;
}

/** @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS, NOT_IN_A_COURSE. */
export async function run({ exercise: words, undo }: DoneOptions, context: Context): Promise<DoneResult> {
  const { cwd } = context;
  const open = await openCourse(context);
  const exercise = exerciseFor(words, open, cwd);
  if (exercise === undefined) throw new CliError('EXERCISE_NOT_FOUND', 'All exercises are done');
  const done = undo !== true;
  const progress = await changeProgress(open.folder, open.exercises, exercise, (entry) =>
    done ? afterMark(entry, new Date()) : withoutMark(entry),
  );
  return { exercise, done, next: firstOpen(progress, open.exercises) };
}

export const views: Views<DoneResult> = {
  human: ({ exercise, done, next }) =>
    [
      `${exerciseName(exercise)} is ${done ? 'done' : 'not done'}`,
      '',
      next === undefined ? 'All exercises are done. See them: progy list' : 'Next: progy next',
    ].join('\n'),
  json: ({ exercise, done, next }) => ({ exercise: exerciseJson(exercise), done, next: next?.id ?? null }),
};
