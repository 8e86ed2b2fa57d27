// Owns the checks of a course's setup: whether the programs that it needs are there.
import type { Course } from '@progy/protocol/course/course.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { execute } from './execute.ts';
import { readable } from './output.ts';
import { programIn } from './plan.ts';
import type { Step } from './step.ts';
import { splitWords } from './words.ts';

const MAX_CHECKS = 50;
const TIMEOUT_MS = 30_000;
const MAX_SHOWN = 200;

/** One check, as far as it can be read. */
export interface Check {
  readonly name: string;
  /** Undefined if it cannot be run; `problem` says why. */
  readonly step: Step | undefined;
  readonly problem?: string;
}

export interface CheckResult {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** The first line that it printed, or what is wrong. */
  readonly detail: string;
}

const word = z.string().min(1).max(4_000);
const checkSchema = z.looseObject({
  name: z.string().max(200).optional(),
  type: z.string().default('command'),
  command: z.union([word, z.array(word).min(1)]).optional(),
  args: z.array(word).default([]),
});
const listSchema = z.array(z.unknown());
const setupSchema = z.looseObject({
  checks: listSchema.optional().catch(undefined),
  guide: word.optional().catch(undefined),
});

/** The checks of `setup.checks`, or of a `setup` that is a list; each a command as text, or an object. */
export function checksOf({ fields }: Course, folder: string): Check[] {
  const list = listSchema.safeParse(fields.setup).data ?? setupSchema.safeParse(fields.setup).data?.checks ?? [];
  return list.slice(0, MAX_CHECKS).map((value, index) => toCheck(value, index, folder));
}

/** Path of the page that explains the setup, if the course names one. */
export function guideOf({ fields }: Course): string | undefined {
  return setupSchema.safeParse(fields.setup).data?.guide;
}

/** Runs one check: it passes if its program ends with 0. */
export async function runCheck(
  { name, step, problem = '' }: Check,
  context: Pick<Context, 'env' | 'signal'>,
): Promise<CheckResult> {
  if (step === undefined) return { name, state: 'skipped', detail: problem };
  const { how, code, output } = await execute(step, context, { timeoutMs: TIMEOUT_MS });
  const printed =
    readable(output)
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim()
      .slice(0, MAX_SHOWN) ?? '';
  if (how === 'exited' && code === 0) return { name, state: 'passed', detail: printed };
  if (how === 'exited') return { name, state: 'failed', detail: printed || `ended with code ${code}` };
  return { name, state: 'failed', detail: PROBLEMS[how](step.words[0]) };
}

const PROBLEMS = {
  missing: (program: string) => `${program} is not installed, or not in PATH`,
  forbidden: (program: string) => `${program} cannot be started`,
  timeout: () => `not finished after ${TIMEOUT_MS / 1_000} seconds`,
  flooded: () => 'printed far too much',
  killed: () => 'ended from outside',
} as const;

function toCheck(value: unknown, index: number, folder: string): Check {
  const result = checkSchema.safeParse(typeof value === 'string' ? { command: value } : value);
  const { name, type, command, args } = result.data ?? { name: undefined, type: '', command: undefined, args: [] };
  const shown = name ?? (typeof command === 'string' ? command : command?.join(' ')) ?? `Check ${index + 1}`;
  if (type !== 'command')
    return { name: shown, step: undefined, problem: `progy cannot run checks of the type ${type || 'that it has'}` };
  try {
    const [program, ...rest] = [...(typeof command === 'string' ? splitWords(command) : (command ?? [])), ...args];
    if (program === undefined) return { name: shown, step: undefined, problem: 'has no command' };
    return { name: shown, step: { words: [programIn(folder, program), ...rest], cwd: folder, env: {} } };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { name: shown, step: undefined, problem: error.message };
  }
}
