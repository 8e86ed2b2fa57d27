// Owns testing after each change, from exercise to exercise, until the person leaves.
import { CliError } from '../cli-error.ts';
import { nextChange, type Snapshot, snapshotOf } from '../exercises/changes.ts';
import type { Exercise } from '../exercises/exercise.ts';
import { onQuitKey } from '../terminal/keys.ts';
import { prepareTest, type Session, type TestResult, testOnce } from './test-exercise.ts';

/**
 * Tests an exercise now and after each change of its files. Once it passes, the first one that is not done follows, from
 * its first change on.
 * @param show a result as text.
 * @returns the last result; when the person leaves (q or Ctrl-C), or once all exercises are done.
 */
export async function watchTests(session: Session, first: Exercise, show: Show): Promise<TestResult> {
  // Asks before keys are taken from the keyboard.
  await prepareTest(session, first);
  const leaving = new AbortController();
  const signal = AbortSignal.any([session.context.signal, leaving.signal]);
  const release = onQuitKey(session.context.stdin, () => leaving.abort(new CliError('INTERRUPTED', 'Interrupted')));
  try {
    return await watchUntil({ ...session, context: { ...session.context, signal } }, first, show);
  } finally {
    release();
  }
}

type Show = (result: TestResult) => string;

/** One run, and the files as they have to differ from for another. */
interface Run {
  readonly result: TestResult;
  readonly seen: Snapshot;
}

async function watchUntil(session: Session, first: Exercise, show: Show): Promise<TestResult> {
  const { signal } = session.context;
  const { folder } = session.open;
  const passed = new Set<string>();
  let exercise = first;
  let run = await runNow(session, exercise);
  for (;;) {
    if (hasPassed(run)) passed.add(exercise.id);
    const ended = { ...run.result, passedWhileWatching: passed.size };
    const next = hasPassed(run) ? run.result.ran?.next : exercise;
    if (next === undefined || signal.aborted) return ended;
    // Looked at before the person reads that progy waits, and edits.
    const seen = next === exercise ? run.seen : await snapshotOf(folder, next.path);
    session.context.talk.tell(`${show(run.result)}\n\n${waitingFor(run, next)}`);
    await nextChange(folder, next.path, seen, signal);
    exercise = next;
    const again = signal.aborted ? undefined : await runNow(session, exercise).catch(unlessLeft(signal));
    if (again === undefined) return ended;
    run = again;
  }
}

async function runNow(session: Session, exercise: Exercise): Promise<Run> {
  const { folder } = session.open;
  const { talk } = session.context;
  const before = await snapshotOf(folder, exercise.path);
  talk.clear();
  talk.note(`Testing ${exercise.label} ${exercise.title}`);
  const result = await testOnce(session, exercise);
  const after = await snapshotOf(folder, exercise.path);
  // What the student edits while the tests run is a change; what the tests themselves write is none.
  const edited = result.ran?.files.toEdit.map((file) => [file, before.get(file) ?? ''] as const) ?? [];
  return { result, seen: new Map([...after, ...edited]) };
}

function hasPassed({ result }: Run): boolean {
  return result.ran?.outcome.passed === true;
}

function waitingFor({ result }: Run, { label, title, path }: Exercise): string {
  const isNew = label !== result.exercise.label;
  return `${isNew ? `Now ${label} ${title}, in ${path}\n` : ''}Waiting for a change. q ends.`;
}

/** The person left while tests ran: no failure. */
function unlessLeft(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
