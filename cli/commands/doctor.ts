// Owns `progy doctor`: what works, what does not, and what to fix first.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { type Check, firstToFix } from '../doctor/check.ts';
import { checkCourse } from '../doctor/course.ts';
import { checkCache, checkProxy } from '../doctor/machine.ts';
import { checkGit, checkGitIdentity, checkNode, checkNpm } from '../doctor/programs.ts';
import { checkRegistry } from '../doctor/registry.ts';
import { showChecks } from '../doctor/show-checks.ts';
import { chooseRegistry } from '../registry/choice.ts';
import type { DoctorOptions } from '../usage/doctor.ts';

export interface DoctorResult {
  readonly registry: string;
  readonly checks: readonly Check[];
}

export async function run(options: DoctorOptions, context: Context): Promise<DoctorResult> {
  const registry = await chooseRegistry(context, options.registry);
  const looking = Promise.all([
    checkNode(),
    checkNpm(context),
    checkGit(context),
    checkGitIdentity(context),
    checkRegistry(registry, context),
    checkProxy(context.env),
    checkCache(context),
    checkCourse(context),
  ]);
  const found = await context.talk.during('Looking', () => looking);
  return { registry: registry.label, checks: found.flat().filter((check) => check !== undefined) };
}

export const views: Views<DoctorResult> = {
  human: ({ checks }) => showChecks(checks),
  json: (result) => ({ success: !isIll(result), ...result, first: firstToFix(result.checks) ?? null }),
  exitCode: (result) => (isIll(result) ? 1 : 0),
};

function isIll({ checks }: DoctorResult): boolean {
  return checks.some(({ status }) => status === 'fail');
}
