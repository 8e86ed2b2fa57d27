// Owns `progy check`: whether the person has what a course needs.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { openWorkingCourse, type WorkingCourse } from '../exercises/working-course.ts';
import { type Check, type CheckResult, checksOf, guideOf, runCheck } from '../runners/checks.ts';
import { isInside, shownStep } from '../runners/step.ts';
import { askConsent } from '../runners/trust.ts';
import type { Line } from '../terminal/styled.ts';
import type { CheckOptions } from '../usage/check.ts';
import { type ChecksResult, showChecks } from '../views/exercises/check.ts';
import { shownPath } from '../views/exercises/exercise.ts';

/** @throws {CliError} NOT_AGREED, NOT_IN_A_COURSE. */
export async function run({ yes }: CheckOptions, context: Context): Promise<ChecksResult> {
  const working = await openWorkingCourse(context);
  const checks = checksOf(working.course, working.folder);
  await agree(working, checks, yes === true, context);
  const results: CheckResult[] = [];
  for (const check of checks) {
    results.push(await context.talk.during(check.name, () => runCheck(check, context)));
  }
  return { results, guide: await shownGuide(working, context), columns: context.columns };
}

export const views: Views<ChecksResult, Line[]> = {
  human: showChecks,
  json: ({ results, guide = null }) => ({ success: !hasFailed(results), checks: results, guide }),
  exitCode: ({ results }) => (hasFailed(results) ? 1 : 0),
};

function hasFailed(results: readonly CheckResult[]): boolean {
  return results.some(({ state }) => state === 'failed');
}

async function agree(
  { course, folder, lock }: WorkingCourse,
  checks: readonly Check[],
  yes: boolean,
  context: Context,
): Promise<void> {
  const steps = checks.flatMap(({ step }) => (step === undefined ? [] : [step]));
  if (steps.length === 0) return;
  const shown = steps.map((step) => shownStep(step, folder));
  const name = `${course.name.full}${lock === undefined ? '' : ` ${course.version}`}`;
  const commands = steps.map(({ words }) => words);
  await askConsent({ course: name, folder, commands, shown, again: 'progy check --yes', yes }, context);
}

/** The guide as the person would type its path, if it is a file of the course. */
async function shownGuide({ course, folder }: WorkingCourse, { cwd }: Context): Promise<string | undefined> {
  const guide = guideOf(course);
  if (guide === undefined || !isInside(join(folder, guide), folder)) return undefined;
  const stats = await stat(join(folder, guide)).catch(() => undefined);
  return stats?.isFile() ? shownPath(folder, guide, cwd) : undefined;
}
