// Owns `progy test`: running the tests of an exercise, once or after each change.
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { warnOfEngine } from '../course/engines.ts';
import { exerciseFor, type OpenCourse, openCourse } from '../exercises/open-course.ts';
import { chooseRunner, MAX_TIMEOUT_SECONDS, runnersOf } from '../runners/course-runners.ts';
import { type Line, printLines } from '../terminal/styled.ts';
import { shared, type TestResult, testOnce } from '../testing/test-exercise.ts';
import type { TestOptions } from '../usage/test.ts';
import { showRun, showTest, testJson } from '../views/exercises/test.ts';

/**
 * @throws {CliError} NOT_IN_A_COURSE, EXERCISE_NOT_FOUND, EXERCISE_AMBIGUOUS, RUNNER_INVALID, RUNNER_NOT_FOUND,
 * RUNNER_FAILED, NO_DOCKER, NOT_AGREED.
 */
export async function run(options: TestOptions, context: Context): Promise<TestResult> {
  const open = await openCourse(context);
  const exercise = exerciseFor(options.exercise, open, context.cwd);
  if (exercise === undefined) throw allDone(open);
  const session = { open, options, context, timeout: timeoutOf(options), runners: runnersOf(open.course) };
  const runner = chooseRunner(session.runners, options.runner);
  if (runner === undefined) return { ...shared(session), exercise, ran: undefined };
  warnOfEngine(open.course, context);
  if (options.watch !== true) return testOnce({ ...session, runner }, exercise);
  const { watchTests } = await import('../testing/watch.ts');
  return watchTests({ ...session, runner }, exercise, (result) => printLines(showRun(result), false));
}

export const views: Views<TestResult, Line[]> = {
  human: showTest,
  json: testJson,
  exitCode: ({ ran, passedWhileWatching }) =>
    ran === undefined || ran.outcome.passed || passedWhileWatching !== undefined ? 0 : 1,
};

function timeoutOf({ timeout }: TestOptions): number | undefined {
  if (timeout === undefined) return undefined;
  const seconds = Number(timeout);
  if (seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return seconds;
  throw new CliError('USAGE', `--timeout takes seconds, up to ${MAX_TIMEOUT_SECONDS}`, 'See: progy test --help');
}

function allDone({ exercises }: OpenCourse): CliError {
  return exercises.length === 0
    ? new CliError('EXERCISE_NOT_FOUND', 'This course has no exercises', 'Read its README.md.')
    : new CliError('EXERCISE_NOT_FOUND', 'All exercises are done', 'Name one to test it again: progy test 1.1');
}
