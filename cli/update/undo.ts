// Owns going back from the last change that progy made to a course, and from an update in the middle of its conflicts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { entryIn, isSame } from '../student/transition/entry.ts';
import { branchOf, commitOf } from '../student/transition/git-state.ts';
import { lastTransition, perform, type Step } from '../student/transition/perform.ts';
import type { FoundPlace } from '../student/transition/place.ts';
import { backupRef, Draft, type Place, type Transition } from '../student/transition/store.ts';
import { agree } from './consent.ts';
import { checkRepository } from './repository-update.ts';

/** Begins the name of a change that went back from another. */
const BACK_FROM = 'Back from: ';

/** What was gone back from. */
export interface Undone {
  /** The change, such as `Update @diego/rust 1.0.0 → 1.1.0`. */
  readonly label: string;
  /** False if going back was gone back from: then the change is there again. */
  readonly isBack: boolean;
  /** How many files hold something else than before. */
  readonly files: number;
  /** Name of the commit that was there before going back; undefined without a repository. */
  readonly backup: string | undefined;
}

/** How a going back is asked for. */
export interface Undoing {
  /** Without asking, also if that takes back what was done since. */
  readonly yes: boolean;
  readonly step?: Step;
}

/**
 * Goes back from the last change: files, index, HEAD and merge are as they were before it, byte for byte. What is there
 * now is kept, and a second undo brings it back.
 * @throws {CliError} NOTHING_TO_UNDO, MERGE_UNDER_WAY, OTHER_BRANCH, NOT_AGREED.
 */
export async function undo(place: FoundPlace, undoing: Undoing, context: Context): Promise<Undone> {
  const last = await lastTransition(place);
  if (last === undefined)
    throw new CliError('NOTHING_TO_UNDO', 'progy has changed nothing here that it could take back');
  await checkNothingElse(place, last);
  await checkBranch(place, last);
  const since = await changedSince(place, last);
  if (since.length > 0) {
    await agree(context.talk, undoing.yes, {
      problem: `Since "${last.label}" there is new work: ${since.slice(0, 5).join(', ')}${since.length > 5 ? ', …' : ''}`,
      question: 'Go back all the same? It is kept, and a second undo brings it back',
      next: 'To go back all the same: progy update --undo --yes',
    });
  }
  return goBackFrom(place, last, undoing.step);
}

/**
 * Goes back from an update whose conflicts are not solved yet.
 * @throws {CliError} NO_MERGE if there is none.
 */
export async function abort(place: Place, step?: Step): Promise<Undone> {
  const last = await lastTransition(place);
  const theirs = last?.git?.after.merge.MERGE_HEAD;
  if (last === undefined || theirs === undefined || (await openMerge(place)) !== theirs.trim()) {
    throw new CliError('NO_MERGE', 'There is no update with open conflicts here');
  }
  await checkBranch(place, last);
  return goBackFrom(place, last, step);
}

async function goBackFrom(place: Place, last: Transition, step?: Step): Promise<Undone> {
  const files = last.changes.map(({ path, before }) => [path, before] as const);
  const draft = await Draft.of(place, reversed(last.label), files);
  const index = last.git?.before.index;
  const git =
    last.git === null ? undefined : { ...last.git.before, index: index ? await draft.keepIndex(index) : null };
  const transition = await draft.finish(git);
  const commit = transition.git?.before.commit;
  const backup = commit ? backupRef(transition.id) : undefined;
  if (commit && backup) await place.plumbing?.run(['update-ref', backup, commit]);
  await perform(place, transition, step);
  const isBack = !last.label.startsWith(BACK_FROM);
  return { label: isBack ? last.label : reversed(last.label), isBack, files: last.changes.length, backup };
}

/** Checks that git is in the middle of nothing but this change. @throws {CliError} MERGE_UNDER_WAY, GIT_IS_BUSY. */
async function checkNothingElse(place: FoundPlace, { git }: Transition): Promise<void> {
  const own = git?.after.merge.MERGE_HEAD;
  if (own === undefined || (await openMerge(place)) !== own.trim()) await checkRepository(place);
}

/** The other side of a merge that is under way. */
async function openMerge({ plumbing }: Place): Promise<string | undefined> {
  const found = plumbing && (await readFile(join(plumbing.gitDir, 'MERGE_HEAD'), 'utf8').catch(() => undefined));
  return found?.trim();
}

/** Going back from going back is going forth. */
function reversed(label: string): string {
  return label.startsWith(BACK_FROM) ? label.slice(BACK_FROM.length) : BACK_FROM + label;
}

async function checkBranch({ plumbing }: Place, { git, label }: Transition): Promise<void> {
  if (plumbing === undefined || git === null || git === undefined) return;
  const branch = await branchOf(plumbing);
  if (branch === git.before.branch) return;
  const name = git.before.branch?.replace('refs/heads/', '') ?? git.before.commit ?? '';
  throw new CliError(
    'OTHER_BRANCH',
    `"${label}" was made on another branch, ${name}`,
    `Go there first: git switch ${name}`,
  );
}

/** What was done since a change: commits, and files that it had changed. */
async function changedSince({ folder, plumbing }: Place, { changes, git }: Transition): Promise<string[]> {
  const since: string[] = [];
  const commit = plumbing && git ? await commitOf(plumbing) : undefined;
  if (git && commit && commit !== git.after.commit && commit !== git.before.commit)
    since.push(`commit ${commit.slice(0, 7)}`);
  for (const { path, after } of changes) {
    if (!(await isSame(await entryIn(folder, path), after))) since.push(path);
  }
  return since;
}
