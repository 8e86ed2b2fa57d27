// Owns `progy open`: an exercise in the person's editor.
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { findProgram, openingCommand, startEditor } from '../exercises/editor.ts';
import type { Exercise } from '../exercises/exercise.ts';
import { filesOf } from '../exercises/files.ts';
import { exerciseFor, openCourse } from '../exercises/open-course.ts';
import type { OpenOptions } from '../usage/open.ts';
import { exerciseJson, exerciseName, shownPath } from '../views/exercises/exercise.ts';

interface OpenResult {
  readonly exercise: Exercise;
  /** Relative to the working folder. */
  readonly path: string;
  readonly program: string;
}

/** @throws {CliError} NO_EDITOR, EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS, NOT_IN_A_COURSE. */
export async function run({ exercise: words }: OpenOptions, context: Context): Promise<OpenResult> {
  const { cwd, env } = context;
  const open = await openCourse(context);
  const exercise = exerciseFor(words, open, cwd);
  if (exercise === undefined) throw new CliError('EXERCISE_NOT_FOUND', 'All exercises are done');
  const [file] = (await filesOf(open.folder, open.course, exercise)).toEdit;
  const target = { folder: join(open.folder, exercise.path), file: file && join(open.folder, file) };
  const command = await openingCommand(target, env, process.platform, (program) => findProgram(program, env));
  await startEditor(command, open.folder, env);
  return { exercise, path: shownPath(open.folder, file ?? exercise.path, cwd), program: command[0] };
}

export const views: Views<OpenResult> = {
  human: ({ exercise, path }) => `Opened ${exerciseName(exercise)}: ${path}`,
  json: ({ exercise, path, program }) => ({ exercise: exerciseJson(exercise), path, program }),
};
