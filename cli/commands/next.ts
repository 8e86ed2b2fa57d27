// Owns `progy next`: the first exercise that is not done.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExerciseFiles, filesOf, readText } from '../exercises/files.ts';
import { openCourse } from '../exercises/open-course.ts';
import { firstOpen, isDone } from '../exercises/progress.ts';
import type { Line } from '../terminal/styled.ts';
import type { NextOptions } from '../usage/next.ts';
import { exerciseJson } from '../views/exercises/exercise.ts';
import { type NextResult, showNext } from '../views/exercises/next.ts';

export async function run(_options: NextOptions, context: Context): Promise<NextResult> {
  const { cwd, columns } = context;
  const { folder, course, exercises, progress } = await openCourse(context);
  const exercise = firstOpen(progress, exercises);
  const done = exercises.filter((other) => isDone(progress, other)).length;
  const shared = { course, folder, cwd, columns, total: exercises.length, done };
  if (exercise === undefined) return { ...shared, current: undefined };
  const files = await filesOf(folder, course, exercise);
  return { ...shared, current: { exercise, files, readme: await textOf(folder, files) } };
}

async function textOf(folder: string, { readme }: ExerciseFiles): Promise<string | undefined> {
  return readme === undefined ? undefined : readText(folder, readme);
}

export const views: Views<NextResult, Line[]> = {
  human: showNext,
  json: ({ current, total, done }) => ({
    done,
    total,
    exercise: current === undefined ? null : exerciseJson(current.exercise),
    readme: current?.files.readme ?? null,
    files: current?.files.toEdit ?? [],
  }),
};
