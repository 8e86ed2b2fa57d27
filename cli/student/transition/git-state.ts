// Owns the state of a repository that a change of a course moves: HEAD, the index, and a merge that is under way.
import { lstat, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../../cli-error.ts';
import type { Plumbing } from '../plumbing.ts';
import { copyIndex } from './entry.ts';

/** What git keeps of a merge until it is committed. */
const MERGE_FILES = ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE'] as const;

export const gitStateSchema = z.object({
  /** The branch, such as refs/heads/main; null if HEAD is detached. */
  branch: z.string().nullable(),
  /** Hex id; null before the first commit. */
  commit: z.string().nullable(),
  /** Absolute path of a copy; null if there is none. */
  index: z.string().nullable(),
  /** Content by name. */
  merge: z.partialRecord(z.enum(MERGE_FILES), z.string()),
});
export type GitState = z.infer<typeof gitStateSchema>;

/** Reads the state of a repository. @param copy absolute path for a copy of the index. */
export async function gitStateOf(plumbing: Plumbing, copy: string): Promise<GitState> {
  const [branch, commit] = await Promise.all([branchOf(plumbing), commitOf(plumbing)]);
  const hasIndex = await copyIfThere(join(plumbing.gitDir, 'index'), copy);
  const merge: GitState['merge'] = {};
  for (const name of MERGE_FILES) {
    const content = await readFile(join(plumbing.gitDir, name), 'utf8').catch(missing);
    if (content !== undefined) merge[name] = content;
  }
  return { branch, commit, index: hasIndex ? copy : null, merge };
}

/** The branch that HEAD is on; null if it is on none. */
export async function branchOf(plumbing: Plumbing): Promise<string | null> {
  return (await plumbing.line(['symbolic-ref', '--quiet', 'HEAD'], { answers: [1] })) || null;
}

/** The commit that HEAD is at; null before the first one. */
export async function commitOf(plumbing: Plumbing): Promise<string | null> {
  return (await plumbing.line(['rev-parse', '--quiet', '--verify', 'HEAD'], { answers: [1] })) || null;
}

/**
 * Replaces the index as git does, so that a git that runs at the same time keeps away.
 * @param copy absolute path of the index to put there; null removes it.
 * @throws {CliError} GIT_IS_BUSY.
 */
export async function putIndex({ gitDir }: Plumbing, copy: string | null): Promise<void> {
  const lock = join(gitDir, 'index.lock');
  const content = copy === null ? '' : await readFile(copy);
  await writeFile(lock, content, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new CliError('GIT_IS_BUSY', `Another git is at work here: ${lock} exists`);
  });
  if (copy === null) {
    await rm(join(gitDir, 'index'), { force: true });
    return rm(lock);
  }
  const { atime, mtime } = await lstat(copy);
  await utimes(lock, atime, mtime);
  await rename(lock, join(gitDir, 'index'));
}

/** Writes, or removes, what git keeps of a merge. */
export async function putMerge({ gitDir }: Plumbing, merge: GitState['merge']): Promise<void> {
  // MERGE_HEAD last: with it, git sees a merge.
  for (const name of MERGE_FILES.toReversed()) {
    const content = merge[name];
    if (content === undefined) await rm(join(gitDir, name), { force: true });
    else await writeFile(join(gitDir, name), content);
  }
}

/** Moves HEAD, with its branch, if it still is where it was; null: before the first commit. */
export async function moveHead(
  plumbing: Plumbing,
  { from, to, label }: { from: string | null; to: string | null; label: string },
): Promise<void> {
  if (from === to) return;
  const old = from ?? '0'.repeat(to?.length ?? 40);
  if (to === null) await plumbing.run(['update-ref', '-m', label, '-d', 'HEAD', old]);
  else await plumbing.run(['update-ref', '-m', label, 'HEAD', to, old]);
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  return copyIndex(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => missing(error) ?? false,
  );
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
