// Owns taking a course from one state to another: whole or not at all, also if the process is killed on the way.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { CliError } from '../../cli-error.ts';
import { isAlive } from '../../process-mark.ts';
import type { Plumbing } from '../plumbing.ts';
import { entryAt, entryIn, isSame, put, remove } from './entry.ts';
import { commitOf, type GitState, moveHead, putIndex, putMerge } from './git-state.ts';
import { type Change, type Place, readTransition, removeOld, type Transition } from './store.ts';

/** Called before each step on disk, with its name. */
export type Step = (name: string) => Promise<void> | void;

/** What a recovery found. */
export interface Recovery {
  /** What had been interrupted. */
  readonly label: string;
  /** Paths that somebody has changed since, and that were left as they are. */
  readonly kept: readonly string[];
}

/** Holds the id of a transition that has begun and not ended. */
const UNFINISHED = 'unfinished';
/** Holds the id of the last one that ended. */
const LAST = 'last';

/**
 * Takes the course where a transition leads. If that fails, it goes back; if the process dies, `recover` does.
 * @throws {CliError} CHANGED_MEANWHILE, GIT_IS_BUSY; errors of git and of the file system.
 */
export async function perform(place: Place, transition: Transition, step: Step = () => {}): Promise<void> {
  await step('begin');
  await begin(place, transition.id);
  try {
    await go(place, transition, step);
  } catch (error) {
    await goBack(place, transition);
    await rm(join(place.store, UNFINISHED));
    throw error;
  }
  await step('finish');
  await rename(join(place.store, UNFINISHED), join(place.store, LAST));
  await removeOld(place);
}

/** Goes back from a transition that was interrupted, if there is one. @throws {CliError} BUSY if it is still running. */
export async function recover(place: Place): Promise<Recovery | undefined> {
  const id = await idIn(place, UNFINISHED);
  if (id === undefined) return undefined;
  const pid = Number(id.slice(id.lastIndexOf('-') + 1));
  const isBusy = id !== '' && pid !== process.pid && isAlive(pid);
  if (isBusy) throw new CliError('BUSY', `Another progy is changing ${place.folder}`);
  // A file without an id was begun and not written: then nothing else was.
  const recovered = id === '' ? undefined : await goBackFrom(place, id);
  await rm(join(place.store, UNFINISHED), { force: true });
  return recovered;
}

/** The last transition that ended, if there is one. */
export async function lastTransition(place: Place): Promise<Transition | undefined> {
  const id = await idIn(place, LAST);
  return id === undefined ? undefined : readTransition(place, id).catch(() => undefined);
}

/** True if a transition of the course has begun and not ended. */
export async function isInterrupted({ store }: Pick<Place, 'store'>): Promise<boolean> {
  return (await entryAt(join(store, UNFINISHED))) !== null;
}

async function begin({ store }: Place, id: string): Promise<void> {
  const mark = join(store, UNFINISHED);
  await putMark(mark, join(store, id, UNFINISHED), id).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new CliError('BUSY', 'Another progy is changing this course') : error;
  });
}

/**
 * Puts the mark there with its id at once: an empty one counts as left by a dead process. Where the file system has no
 * links, as exFAT, it is empty for a moment.
 * @param spare absolute path of a file that may be written.
 * @throws EEXIST if there is one.
 */
async function putMark(mark: string, spare: string, id: string): Promise<void> {
  await writeFile(spare, id);
  await link(spare, mark).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw error;
    return writeFile(mark, id, { flag: 'wx' });
  });
  await rm(spare);
}

async function idIn({ store }: Place, name: string): Promise<string | undefined> {
  return readFile(join(store, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return undefined;
  });
}

async function go({ folder, plumbing }: Place, { id, label, changes, git }: Transition, step: Step): Promise<void> {
  for (const change of inOrder(changes)) {
    await step(`${change.after === null ? 'remove' : 'put'} ${change.path}`);
    if (await move(folder, change, id)) continue;
    throw new CliError('CHANGED_MEANWHILE', `${change.path} was changed while progy was working`);
  }
  if (git === null || plumbing === undefined) return;
  await step('index');
  await putIndex(plumbing, git.after.index);
  await step('merge');
  await putMerge(plumbing, git.after.merge);
  await step('HEAD');
  await moveHead(plumbing, { from: git.before.commit, to: git.after.commit, label });
  await step('refresh');
  await refresh(plumbing);
}

async function goBackFrom(place: Place, id: string): Promise<Recovery> {
  const transition = await readTransition(place, id);
  return { label: transition.label, kept: await goBack(place, transition) };
}

/** @returns paths that somebody else has changed, and that were left as they are. */
async function goBack({ folder, plumbing }: Place, { id, label, changes, git }: Transition): Promise<string[]> {
  const kept: string[] = [];
  const back = changes.map(({ path, before, after }) => ({ path, before: after, after: before }));
  for (const change of inOrder(back)) {
    if (!(await move(folder, change, id))) kept.push(change.path);
  }
  if (git !== null && plumbing !== undefined) await goBackInGit(plumbing, git, label);
  return kept;
}

/** A commit that somebody made meanwhile stays, with all that git knows. */
async function goBackInGit(
  plumbing: Plumbing,
  { before, after }: NonNullable<Transition['git']>,
  label: string,
): Promise<void> {
  const commit = await commitOf(plumbing);
  if (commit !== before.commit && commit !== after.commit) return;
  await removeOwnLock(plumbing, [before, after]);
  await moveHead(plumbing, { from: commit, to: before.commit, label: `Back from: ${label}` });
  await putMerge(plumbing, before.merge);
  await putIndex(plumbing, before.index);
}

/** A run that was killed may have left git's lock: it holds what we were about to write, or its beginning. */
async function removeOwnLock({ gitDir }: Plumbing, states: readonly GitState[]): Promise<void> {
  const lock = join(gitDir, 'index.lock');
  const found = await readFile(lock).catch(() => undefined);
  if (found === undefined) return;
  for (const { index } of states) {
    const ours = index === null ? Buffer.alloc(0) : await readFile(index);
    if (found.equals(ours.subarray(0, found.length))) await rm(lock, { force: true });
  }
}

/** Removals make room for what comes; the lock comes last. */
function inOrder(changes: readonly Change[]): Change[] {
  const rank = ({ path, after }: Change) => (after === null ? 0 : path === PROGY_LOCK ? 2 : 1);
  return changes.toSorted((one, other) => rank(one) - rank(other));
}

/** Makes one change, or finds it made. False: the path holds neither what was there nor what comes, and stays. */
async function move(folder: string, { path, before, after }: Change, id: string): Promise<boolean> {
  const found = await entryIn(folder, path);
  const isThere = await isSame(found, after);
  if (!isThere && !(await isSame(found, before))) return false;
  const spare = `.progy-${id}`;
  if (after === null) await remove(folder, path, spare);
  else await put(folder, path, after, spare);
  return true;
}

/** Saves git from comparing all files the next time. */
async function refresh(plumbing: Plumbing): Promise<void> {
  await plumbing.run(['update-index', '-q', '--refresh'], { answers: [1, 128] });
}
