// Owns testing one exercise: asking, running its tests, and remembering how they ended.
import type { Course } from '@progy/protocol/course/course.ts';
import type { Context } from '../context.ts';
import type { Exercise } from '../exercises/exercise.ts';
import { type ExerciseFiles, filesOf } from '../exercises/files.ts';
import type { OpenCourse } from '../exercises/open-course.ts';
import { afterRun, changeProgress, firstOpen, isDone } from '../exercises/progress.ts';
import type { Runner } from '../runners/course-runners.ts';
import { planRun } from '../runners/plan.ts';
import { checkDocker, type Outcome, runPlan } from '../runners/run.ts';
import { type Plan, shownStep } from '../runners/step.ts';
import { askConsent, type Consent } from '../runners/trust.ts';
import type { TestOptions } from '../usage/test.ts';

/** What `progy test` did. */
export interface TestResult {
  readonly exercise: Exercise;
  readonly course: Course;
  /** Absolute path of the course's root. */
  readonly folder: string;
  readonly cwd: string;
  readonly columns: number;
  /** Undefined for a course without a runner. */
  readonly ran: Ran | undefined;
  /** Exercises that passed while watching; undefined without --watch. */
  readonly passedWhileWatching?: number;
}

/** A run of the tests. */
export interface Ran {
  readonly outcome: Outcome;
  readonly files: ExerciseFiles;
  /** The first exercise that is not done; undefined once all are. */
  readonly next: Exercise | undefined;
  /** Exercises that are done. */
  readonly done: number;
  /** Exercises in the course. */
  readonly total: number;
}

/** What stays the same from run to run. */
export interface Session {
  readonly open: OpenCourse;
  readonly options: TestOptions;
  readonly context: Context;
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly runners: readonly Runner[];
  readonly runner: Runner;
}

/** A run that may begin. */
interface Prepared {
  readonly plan: Plan;
  readonly files: ExerciseFiles;
}

/**
 * Makes ready for the tests of an exercise: asks the person, if need be, and looks for Docker.
 * @throws {CliError} NOT_AGREED, NO_DOCKER, RUNNER_INVALID.
 */
export async function prepareTest(session: Session, exercise: Exercise): Promise<Prepared> {
  const { open, runner, runners, context } = session;
  const { folder, course } = open;
  const { module, name, path } = exercise;
  const files = await filesOf(folder, course, exercise);
  const plan = planRun({ runner, course, folder, path, module, id: `${module}/${name}`, file: files.toEdit[0] });
  const steps = [...plan.before, plan.test].map((step) => shownStep(step, folder));
  await askConsent(consentFor(session, exercise, steps), context);
  await checkDocker(runner, runners, folder, context);
  return { plan, files };
}

/** Runs the tests of an exercise and remembers how they ended. */
export async function testOnce(session: Session, exercise: Exercise): Promise<TestResult> {
  const { open, runner, context, timeout } = session;
  const { plan, files } = await prepareTest(session, exercise);
  const outcome = await runPlan(plan, runner, timeout, context);
  const progress = await changeProgress(open.folder, open.exercises, exercise, (entry) =>
    afterRun(entry, outcome.passed, new Date()),
  );
  const done = open.exercises.filter((one) => isDone(progress, one)).length;
  const ran = { outcome, files, next: firstOpen(progress, open.exercises), done, total: open.exercises.length };
  return { ...shared(session), exercise, ran };
}

/** What a result says of the course. */
export function shared({
  open,
  context,
}: Pick<Session, 'open' | 'context'>): Pick<TestResult, 'folder' | 'cwd' | 'columns' | 'course'> {
  return { folder: open.folder, course: open.course, cwd: context.cwd, columns: context.columns };
}

function consentFor({ open, runner, options }: Session, { label }: Exercise, shown: string[]): Consent {
  const version = open.lock === undefined ? '' : ` ${open.course.version}`;
  const flags = options.runner === undefined ? '' : ` --runner ${options.runner}`;
  const again = `progy test ${label}${flags} --yes`;
  return {
    course: `${open.course.name.full}${version}`,
    folder: open.folder,
    commands: runner,
    shown,
    again,
    yes: options.yes === true,
  };
}
