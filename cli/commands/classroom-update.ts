// Owns `progy classroom update`: a new version for the whole class, in one change to commit.
import { classAround } from '../classroom/class-folder.ts';
import { findMoves, type Move, makeMoves } from '../classroom/update-class.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import type { ClassUpdateOptions } from '../usage/classroom.ts';
import { showMoves } from '../views/classroom/moves.ts';

export interface ClassUpdate {
  readonly moves: readonly Move[];
  readonly isDryRun: boolean;
}

export async function run(options: ClassUpdateOptions, context: Context): Promise<ClassUpdate> {
  const { talk } = context;
  const classroom = await classAround(context.cwd);
  const specs = options.courses.map(parseCourseSpec);
  const moves = await talk.during('Asking for new versions', () => findMoves(classroom, specs, context));
  const isDryRun = options.dryRun ?? false;
  if (!isDryRun && moves.length > 0)
    await talk.during('Writing the lockfile', () => makeMoves(classroom, moves, context));
  return { moves, isDryRun };
}

export const usesCache = true;

export const views: Views<ClassUpdate> = {
  human: ({ moves, isDryRun }) => showMoves(moves, isDryRun),
  json: (result) => result,
};
