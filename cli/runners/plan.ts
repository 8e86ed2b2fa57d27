// Owns what a runner does for one exercise: the programs to start, in order, before anything is started.
import { resolve } from 'node:path';
import type { Course } from '@progy/protocol/course/course.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Runner } from './course-runners.ts';
import { containerPlaces, dockerSteps } from './docker.ts';
import { fillIn, type Places } from './placeholders.ts';
import { isInside, type Plan, type Step } from './step.ts';

export interface PlanFor {
  readonly runner: Runner;
  readonly course: Course;
  /** Absolute path of the course's root. */
  readonly folder: string;
  /** Path of the exercise's folder from there. */
  readonly path: string;
  /** `module/exercise`. */
  readonly id: string;
  readonly module: string;
  /** Path of the file to edit from the root of the course. */
  readonly file: string | undefined;
}

/**
 * The programs that test an exercise.
 * @throws {CliError} RUNNER_INVALID.
 */
export function planRun(wanted: PlanFor): Plan {
  return wanted.runner.type === 'process' ? processPlan(wanted) : dockerPlan(wanted);
}

function processPlan({ runner, folder, ...exercise }: PlanFor): Plan {
  const places: Places = {
    exercise: exercise.path,
    id: exercise.id,
    module: exercise.module,
    dir: resolve(folder, exercise.path),
    file: exercise.file === undefined ? undefined : resolve(folder, exercise.file),
  };
  const [program, ...args] = filled(runner, places);
  const cwd = insideCourse(folder, fillIn(runner.cwd, places));
  const test = { words: [programIn(folder, program), ...args] as const, cwd, env: filledEnv(runner, places) };
  return { before: [], test, after: [] };
}

function dockerPlan({ runner, course, folder, ...exercise }: PlanFor): Plan {
  const places = containerPlaces(exercise);
  const words = filled(runner, places);
  const env = filledEnv(runner, places);
  insideCourse(folder, fillIn(runner.cwd, places));
  const steps = dockerSteps({ ...runner, words, env, cwd: fillIn(runner.cwd, places) }, course.name, folder);
  const toStep = (words: Step['words']): Step => ({ words, cwd: folder, env: {} });
  return { before: steps.before.map(toStep), test: toStep(steps.test), after: steps.after.map(toStep) };
}

function filled({ words }: Runner, places: Places): [string, ...string[]] {
  const [program = '', ...args] = words.map((word) => fillIn(word, places));
  if (program === '') throw new CliError('RUNNER_INVALID', 'The runner in course.json has an empty command');
  return [program, ...args];
}

function filledEnv({ env }: Runner, places: Places): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fillIn(value, places)]));
}

/** A program with a folder in its name is the course's, wherever it is started; others are looked for in PATH. */
export function programIn(folder: string, program: string): string {
  return program.includes('/') || program.includes('\\') ? resolve(folder, program) : program;
}

function insideCourse(folder: string, cwd: string): string {
  const path = resolve(folder, cwd);
  if (path === folder || isInside(path, folder)) return path;
  throw new CliError('RUNNER_INVALID', `The runner's cwd, ${quote(cwd)}, is not inside the course`);
}
