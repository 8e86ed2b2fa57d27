// Owns `progy update`: a new version of a course, merged into the student's work, and the way back.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { openCourse } from '../student/open-course.ts';
import { placeOf } from '../student/transition/place.ts';
import { abort, type Undone, undo } from '../update/undo.ts';
import { type Update, updateCourse } from '../update/update.ts';
import type { UpdateOptions } from '../usage/update.ts';
import { showUndone, showUpdate, undoneJson, updateJson } from '../views/update.ts';

export type UpdateResult = { readonly update: Update } | { readonly undone: Undone };

export async function run(options: UpdateOptions, context: Context): Promise<UpdateResult> {
  const course = await openCourse(context);
  const place = await placeOf(course.folder, context);
  if (options.abort) return { undone: await abort(place) };
  if (options.undo) return { undone: await undo(place, { yes: options.yes === true }, context) };
  return { update: await updateCourse(course, place, options, context) };
}

export const usesCache = true;

export const views: Views<UpdateResult> = {
  human: (result) => ('undone' in result ? showUndone(result.undone) : showUpdate(result.update)),
  json: (result) => ('undone' in result ? undoneJson(result.undone) : updateJson(result.update)),
  exitCode: (result) => ('update' in result && result.update.state === 'conflicts' ? 1 : 0),
};
