// Owns an update in a repository: the student's work committed first, then one commit of the update, or a merge to finish.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Plumbing } from '../student/plumbing.ts';
import type { Entry } from '../student/transition/entry.ts';
import { branchOf, commitOf, type GitState } from '../student/transition/git-state.ts';
import type { FoundPlace } from '../student/transition/place.ts';
import { backupRef, Draft, type Transition } from '../student/transition/store.ts';
import { count } from '../terminal/format.ts';
import type { Talk } from '../terminal/talk.ts';
import { agree } from './consent.ts';
import { firstOf, tellLeftOut } from './left-out.ts';
import type { Merged } from './merge/merged.ts';
import { storeWork, type Work } from './merge/trees.ts';
import { type MergedByGit, mergeWithGit, type Sides } from './merge/with-git.ts';

/** Files of progy's own, by path. */
export type OwnFiles = ReadonlyMap<string, NonNullable<Entry>>;

/** How an update is drafted. */
export interface Drafting {
  readonly label: string;
  readonly own: OwnFiles;
  /** Absolute path of a folder for this alone. */
  readonly temporary: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly talk: Talk;
}

/** An update that is ready to be made. */
export interface InRepository {
  readonly merged: Merged;
  readonly uncommitted: readonly string[];
  /** Hex id of the update's commit; undefined with conflicts. */
  readonly commit: string | undefined;
  /** Undefined if it is only planned. */
  readonly transition: Transition | undefined;
}

interface PlaceWithGit extends FoundPlace {
  readonly plumbing: Plumbing;
}

/** What git keeps while somebody is in the middle of something. */
const UNDER_WAY = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply', 'index.lock'];

/**
 * Checks that nothing else is under way in the repository.
 * @throws {CliError} MERGE_UNDER_WAY, GIT_IS_BUSY.
 */
export async function checkRepository({ plumbing }: FoundPlace): Promise<void> {
  if (plumbing === undefined) return;
  for (const name of UNDER_WAY) {
    const path = join(plumbing.gitDir, name);
    if (!(await isThere(path))) continue;
    if (name === 'index.lock') throw new CliError('GIT_IS_BUSY', `Another git is at work here: ${path} exists`);
    const next =
      name === 'MERGE_HEAD' ? 'Solve the conflicts and commit, or give it up: progy update --abort' : undefined;
    throw new CliError('MERGE_UNDER_WAY', 'git is in the middle of something here', next);
  }
  const unmerged = await plumbing.list(['ls-files', '--unmerged', '-z']);
  if (unmerged.length > 0) throw new CliError('MERGE_UNDER_WAY', 'There are conflicts here that are not solved');
}

/**
 * Prepares an update, asking first if work has to be committed for it. Nothing of the student's changes yet.
 * @throws {CliError} NOT_AGREED, CHANGED_MEANWHILE.
 */
export async function draftInRepository(
  place: PlaceWithGit,
  sides: Omit<Sides, 'work'>,
  drafting: Drafting,
): Promise<InRepository> {
  const { plumbing } = place;
  const published = [sides.base, sides.next].flatMap(({ files }) => files.map(({ path }) => path));
  const paths = [...published, PROGY_LOCK];
  const before = await findWork(plumbing, paths, drafting.temporary);
  const { head, work } = before;
  const { uncommitted } = work;
  tellLeftOut(work.leftOut, drafting.talk);
  if (drafting.dryRun) {
    const merged = await mergeWithGit(plumbing, { ...sides, work: work.tree }, drafting.temporary);
    return { merged, uncommitted, commit: undefined, transition: undefined };
  }
  if (uncommitted.length > 0) await agreeToCommit(uncommitted, drafting);
  const merged = await mergeWithGit(plumbing, { ...sides, work: work.tree }, drafting.temporary);
  const saved =
    uncommitted.length === 0 && head
      ? head
      : await plumbing.commitTree(work.tree, head ? [head] : [], `Save work before: ${drafting.label}`);
  const after = await stateAfter(place, merged, saved, drafting);
  const transition = await finish(place, merged, after, drafting);
  checkUnchanged(before, await findWork(plumbing, paths, drafting.temporary));
  await keepWhatWas(plumbing, transition.id, { head, saved, work });
  return { merged, uncommitted, commit: after.commit === saved ? undefined : (after.commit ?? undefined), transition };
}

/** What a merge is made of on the student's side. */
interface Before {
  /** Hex id; null before the first commit. */
  readonly head: string | null;
  readonly work: Work;
}

async function findWork(plumbing: Plumbing, paths: readonly string[], temporary: string): Promise<Before> {
  const head = await commitOf(plumbing);
  return { head, work: await storeWork(plumbing, new Set(paths), join(temporary, 'work-index')) };
}

/**
 * Checks that what was merged is still what the student has: they may work on while progy asks and merges. The transition
 * itself guards what is changed from now on.
 * @throws {CliError} CHANGED_MEANWHILE.
 */
function checkUnchanged(before: Before, now: Before): void {
  const isSame =
    before.head === now.head && before.work.tree === now.work.tree && before.work.staged === now.work.staged;
  if (!isSame)
    throw new CliError('CHANGED_MEANWHILE', 'Files, or the repository, were changed while progy was working');
}

async function agreeToCommit(uncommitted: readonly string[], { yes, talk }: Drafting): Promise<void> {
  await agree(talk, yes, {
    problem: `${count(uncommitted.length, 'file')} with work that is not committed: ${firstOf(uncommitted)}`,
    question: 'Commit it first, so that nothing can get lost',
    next: 'To commit it first and update: progy update --yes',
  });
}

/** The repository after the update: with its commit, or with a merge that the student finishes. */
async function stateAfter(
  { plumbing }: PlaceWithGit,
  merged: MergedByGit,
  saved: string,
  drafting: Drafting,
): Promise<GitState> {
  const { index, theirs, conflicts } = merged;
  await addOwn(plumbing, index, drafting.own);
  const branch = await branchOf(plumbing);
  if (conflicts.length === 0) {
    const tree = await plumbing.line(['write-tree'], { index });
    return { branch, commit: await plumbing.commitTree(tree, [saved], drafting.label), index, merge: {} };
  }
  const message = [drafting.label, '', '# Conflicts:', ...conflicts.map(({ path }) => `#\t${quote(path)}`), ''].join(
    '\n',
  );
  return { branch, commit: saved, index, merge: { MERGE_HEAD: `${theirs}\n`, MERGE_MSG: message, MERGE_MODE: '' } };
}

/** Adds progy's files to an index. Progress that is ignored stays ignored. */
async function addOwn(plumbing: Plumbing, index: string, own: OwnFiles): Promise<void> {
  for (const [path, entry] of own) {
    const isWanted = path === PROGY_LOCK || (await plumbing.list(['ls-files', '-z', '--', path], { index })).length > 0;
    if (entry.kind !== 'file' || !isWanted) continue;
    const oid = await plumbing.line(['hash-object', '-w', '--no-filters', entry.copy]);
    await plumbing.run(['update-index', '--add', '--cacheinfo', `100644,${oid},${path}`], { index });
  }
}

async function finish(
  place: PlaceWithGit,
  { files }: Merged,
  after: GitState,
  { label, own }: Drafting,
): Promise<Transition> {
  const draft = await Draft.of(place, label, [...files, ...own]);
  return draft.finish({ ...after, index: after.index && (await draft.keepIndex(after.index)) });
}

/** Gives a name to the commits of before, also to what was staged and looks otherwise now, so that git never drops them. */
async function keepWhatWas(
  plumbing: Plumbing,
  id: string,
  { head, saved, work }: Before & { saved: string },
): Promise<void> {
  const parents = [saved, ...(head && head !== saved ? [head] : [])];
  const staged = await plumbing.commitTree(work.staged, parents, `Before: ${id}`);
  await plumbing.run(['update-ref', backupRef(id), staged]);
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
