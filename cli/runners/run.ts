// Owns one run of an exercise's tests: from the plan to whether it passed.
import { stat } from 'node:fs/promises';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { shellWord } from '../terminal/format.ts';
import type { Runner } from './course-runners.ts';
import { type Ending, execute } from './execute.ts';
import { LiveLines, readable } from './output.ts';
import { findReport, type RunnerReport, withoutReport } from './report.ts';
import type { Plan, Step } from './step.ts';

/** Seconds for the tests of one exercise, if neither the course nor the person says. */
const DEFAULT_TIMEOUT_SECONDS = 120;
/** Seconds for building an image, which loads others from the network. */
const BUILD_TIMEOUT_SECONDS = 1_800;
const CLEANUP_TIMEOUT_SECONDS = 30;

/** What running the tests of an exercise showed. */
export interface Outcome {
  readonly passed: boolean;
  readonly how: Ending['how'];
  /** Exit code; undefined for a program that was ended. */
  readonly code: number | undefined;
  /** Undefined if the runner does not report. */
  readonly report: RunnerReport | undefined;
  /** The end of what was printed, readable. */
  readonly output: string;
  /** The person saw it already. */
  readonly isOutputShown: boolean;
  readonly timeoutSeconds: number;
}

type Surroundings = Pick<Context, 'env' | 'signal' | 'talk'>;

/**
 * Runs the tests of an exercise. A report decides whether it passed; without one, the exit code does.
 * @param timeout in seconds; undefined for what the course says.
 * @throws {CliError} RUNNER_FAILED, RUNNER_INVALID; whatever `signal` is aborted with.
 */
export async function runPlan(
  plan: Plan,
  runner: Runner,
  timeout: number | undefined,
  context: Surroundings,
): Promise<Outcome> {
  const timeoutSeconds = timeout ?? runner.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  try {
    for (const step of plan.before) await prepare(step, context);
    await checkFolder(plan.test);
    const live = liveOutput(context.talk);
    const ending = await execute(plan.test, context, { timeoutMs: timeoutSeconds * 1_000, onOutput: live?.add });
    live?.end();
    checkStarted(ending, plan.test);
    return outcomeOf(ending, timeoutSeconds, context.talk.watched);
  } finally {
    // Also after Ctrl-C, which must not stop this.
    for (const step of plan.after)
      await execute(
        step,
        { ...context, signal: new AbortController().signal },
        { timeoutMs: CLEANUP_TIMEOUT_SECONDS * 1_000 },
      );
  }
}

/** Shows people what is printed while it is; each stream has lines of its own. */
function liveOutput(talk: Context['talk']) {
  if (!talk.watched) return undefined;
  const show = (line: string) => talk.note(`  ${line}`);
  const lines = { stdout: new LiveLines(show), stderr: new LiveLines(show) };
  return {
    add: (chunk: Buffer, name: 'stdout' | 'stderr') => lines[name].add(chunk),
    end: () => {
      lines.stdout.end();
      lines.stderr.end();
    },
  };
}

/**
 * Checks that Docker can be used, for a runner that needs it.
 * @throws {CliError} NO_DOCKER, with another runner of the course if it has one that needs no Docker.
 */
export async function checkDocker(
  runner: Runner,
  runners: readonly Runner[],
  folder: string,
  context: Surroundings,
): Promise<void> {
  if (runner.type === 'process') return;
  const step: Step = { words: ['docker', 'version', '--format', '{{.Server.Version}}'], cwd: folder, env: {} };
  const { how, code } = await execute(step, context, { timeoutMs: CLEANUP_TIMEOUT_SECONDS * 1_000 });
  if (how === 'exited' && code === 0) return;
  const problem = how === 'missing' ? 'is not installed' : 'is not running';
  const other = runners.find(({ type }) => type === 'process');
  const next = other && `Start Docker, or use the course's other runner: progy test --runner ${shellWord(other.id)}`;
  throw new CliError('NO_DOCKER', `The runner ${quote(runner.id)} needs Docker, and Docker ${problem}`, next);
}

/** Something that has to succeed before the tests can run. */
async function prepare(step: Step, context: Surroundings): Promise<void> {
  const label = step.words.slice(0, 2).join(' ');
  const limits = { timeoutMs: BUILD_TIMEOUT_SECONDS * 1_000 };
  const ending = await context.talk.during(label, () => execute(step, context, limits));
  checkStarted(ending, step);
  if (ending.how === 'exited' && ending.code === 0) return;
  const last = readable(ending.output).trimEnd().split('\n').at(-1) ?? '';
  throw new CliError('RUNNER_FAILED', `${label} failed: ${quote(last)}`);
}

async function checkFolder({ cwd }: Step): Promise<void> {
  const stats = await stat(cwd).catch(() => undefined);
  if (!stats?.isDirectory()) throw new CliError('RUNNER_INVALID', `The runner's folder ${quote(cwd)} is not there`);
}

/** @throws {CliError} RUNNER_FAILED. */
function checkStarted({ how }: Ending, { words }: Step): void {
  const program = quote(words[0]);
  if (how === 'missing') throw new CliError('RUNNER_FAILED', `${program} is not installed, or not in PATH`);
  if (how === 'forbidden')
    throw new CliError('RUNNER_FAILED', `${program} cannot be started: it is no program, or may not be run`);
}

function outcomeOf({ how, code, stdout, output }: Ending, timeoutSeconds: number, isOutputShown: boolean): Outcome {
  const report = findReport(stdout);
  const isEnded = how === 'exited';
  return {
    passed: isEnded && (report?.passed ?? code === 0) && !hasFailures(report),
    how,
    code,
    report,
    output: readable(report?.output ?? withoutReport(output)).trimEnd(),
    isOutputShown: isOutputShown && report?.output === undefined,
    timeoutSeconds,
  };
}

/** A report that says nothing of the whole is as good as its tests. */
function hasFailures(report: RunnerReport | undefined): boolean {
  return report?.passed === undefined && (report?.tests.some(({ status }) => status === 'failed') ?? false);
}
