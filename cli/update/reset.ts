// Owns putting files of a course back as they were published, after keeping what the student had.
import { join } from 'node:path';
import { entryAt } from '../student/transition/entry.ts';
import { commitOf } from '../student/transition/git-state.ts';
import { perform, type Step } from '../student/transition/perform.ts';
import { backupRef, Draft, type Place } from '../student/transition/store.ts';
import { storeWork } from './merge/trees.ts';

/**
 * Puts files back. They are not staged, and nothing is committed to the student's branch.
 * @param files paths in the course.
 * @param published absolute path of the published course.
 * @returns the name of a commit with everything that the student had; undefined without a repository.
 */
export async function resetFiles(
  place: Place,
  files: readonly string[],
  published: string,
  label: string,
  step?: Step,
): Promise<string | undefined> {
  const entries = await Promise.all(files.map(async (path) => [path, await entryAt(join(published, path))] as const));
  const draft = await Draft.of(place, label, entries);
  const commit = await commitOfWork(place, files, draft.newCopy());
  const transition = await draft.finish();
  const backup = commit && backupRef(transition.id);
  if (commit && backup) await place.plumbing?.run(['update-ref', backup, commit]);
  await perform(place, transition, step);
  return backup;
}

async function commitOfWork({ plumbing }: Place, files: readonly string[], index: string): Promise<string | undefined> {
  if (plumbing === undefined) return undefined;
  const { tree } = await storeWork(plumbing, files, index);
  const head = await commitOf(plumbing);
  return plumbing.commitTree(tree, head ? [head] : [], 'What was there before a reset');
}
