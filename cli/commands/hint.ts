// Owns `progy hint`: the hints of an exercise, one more each time.
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { filesOf } from '../exercises/files.ts';
import { hintsFor } from '../exercises/hints.ts';
import { exerciseFor, openCourse } from '../exercises/open-course.ts';
import { changeProgress } from '../exercises/progress.ts';
import type { Line } from '../terminal/styled.ts';
import type { HintOptions } from '../usage/hint.ts';
import { exerciseJson } from '../views/exercises/exercise.ts';
import { type HintResult, showHint } from '../views/exercises/hint.ts';

/** @throws {CliError} EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS, NOT_IN_A_COURSE. */
export async function run({ exercise: words }: HintOptions, context: Context): Promise<HintResult> {
  const { cwd, columns } = context;
  const open = await openCourse(context);
  const exercise = exerciseFor(words, open, cwd);
  if (exercise === undefined) throw new CliError('EXERCISE_NOT_FOUND', 'All exercises are done');
  const { folder, course, progress } = open;
  const hints = await hintsFor(folder, exercise, await filesOf(folder, course, exercise));
  const number = Math.min((progress.entries.get(exercise.id)?.hints ?? 0) + 1, hints.length);
  if (number > 0) await changeProgress(folder, open.exercises, exercise, (entry) => ({ ...entry, hints: number }));
  return { exercise, columns, number, total: hints.length, hint: hints[number - 1] };
}

export const views: Views<HintResult, Line[]> = {
  human: showHint,
  json: ({ exercise, number, total, hint = null }) => ({ exercise: exerciseJson(exercise), number, total, hint }),
};
