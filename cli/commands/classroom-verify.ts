// Owns `progy classroom verify`: whether every laptop that installs the class gets what the registry published.

import { classAround } from '../classroom/class-folder.ts';
import { type CheckedPlace, verifyClass } from '../classroom/verify-class.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { table } from '../terminal/table.ts';
import type { VerifyOptions } from '../usage/classroom.ts';

export interface ClassVerification {
  readonly places: readonly CheckedPlace[];
}

/** @throws {CliError} LOCKFILE_MISMATCH naming every place that disagrees. */
export async function run(_options: VerifyOptions, context: Context): Promise<ClassVerification> {
  const classroom = await classAround(context.cwd);
  const places = await context.talk.during('Checking the class', () => verifyClass(classroom, context));
  const wrong = places.filter(({ problem }) => problem !== undefined);
  if (wrong.length === 0) return { places };
  const problems = wrong.map(({ name, place, problem }) => `${place} (${name}): ${problem}`);
  const next = 'If the lockfile should move, run: progy classroom update. Otherwise tell the operator of the registry.';
  throw new CliError('LOCKFILE_MISMATCH', problems.join('; '), next);
}

export const usesCache = true;

export const views: Views<ClassVerification> = {
  human: ({ places }) => {
    const rows = places.map(({ name, version = '', place }) => [name, version, place, 'as published and signed']);
    return `${table(['course', 'version', 'place', ''], rows)}\n\nNext: every laptop that installs this gets the same bytes. Commit it.`;
  },
  json: (result) => result,
};
