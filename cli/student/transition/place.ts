// Owns finding the place of a course's transitions: inside its own repository, or beside the files where it has none.
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { type Git, GitError, gitIn } from '../git.ts';
import { Plumbing } from '../plumbing.ts';
import { isInterrupted, type Recovery, recover } from './perform.ts';
import type { Place } from './store.ts';

/** Why a course has no repository that progy could use: git is missing, it has none, or only one around it. */
export type WithoutGit = 'git-missing' | 'no-repository' | 'inside-another';

export interface FoundPlace extends Place {
  /** Undefined if there is a repository. */
  readonly withoutGit: WithoutGit | undefined;
}

/** Where transitions are kept in a course without a repository of its own. */
const BESIDE_FILES = join('.progy', 'backup');
const INSIDE_GIT = 'progy';

/**
 * The place of a course.
 * @param folder absolute path of the course.
 * @throws {CliError} GIT_FAILED if there is a repository that git refuses.
 */
export async function placeOf(folder: string, context: Context): Promise<FoundPlace> {
  const found = await repositoryOf(folder, context);
  if (typeof found === 'string') {
    return { folder, store: join(folder, BESIDE_FILES), plumbing: undefined, withoutGit: found };
  }
  return { folder, store: join(found.gitDir, INSIDE_GIT), plumbing: found, withoutGit: undefined };
}

/**
 * Goes back from what was interrupted in a course, and says so. Costs next to nothing if nothing was.
 * @throws {CliError} BUSY.
 */
export async function recoverCourse(folder: string, context: Context): Promise<void> {
  const stores = [join(folder, '.git', INSIDE_GIT), join(folder, BESIDE_FILES)];
  const interrupted = await Promise.all(stores.map((store) => isInterrupted({ store })));
  if (!interrupted.includes(true)) return;
  const place = await placeOf(folder, context);
  const beside = { folder, store: join(folder, BESIDE_FILES), plumbing: undefined };
  if (interrupted[0] && place.plumbing === undefined) throw needsGit();
  for (const each of place.plumbing ? [place, beside] : [beside]) tellOf(await recover(each), context);
}

function tellOf(recovery: Recovery | undefined, { talk }: Context): void {
  if (recovery === undefined) return;
  talk.warn(`"${recovery.label}" was interrupted. Everything is as it was before it.`);
  if (recovery.kept.length === 0) return;
  talk.warn(`Changed since, and left as they are: ${recovery.kept.map((path) => escapeControls(path)).join(', ')}`);
}

function needsGit(): CliError {
  return new CliError('GIT_FAILED', 'A change of this course was interrupted, and going back needs git');
}

async function repositoryOf(folder: string, { env }: Context): Promise<Plumbing | WithoutGit> {
  // What has begun to change a course runs to its end, whatever the person presses.
  const signal = new AbortController().signal;
  const git = gitIn(folder, env, signal);
  try {
    const [top = '', gitDir = ''] = (await git.run('rev-parse', '--show-toplevel', '--absolute-git-dir')).split('\n');
    if ((await realpath(top)) !== (await realpath(folder))) return 'inside-another';
    return new Plumbing({ folder, gitDir, autocrlf: await autocrlfOf(git) }, { env, signal });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.missing) return 'git-missing';
    if (!(await hasRepository(folder))) return 'no-repository';
    throw new CliError('GIT_FAILED', `git cannot use the repository of this course: ${error.message}`);
  }
}

/** The person's own setting is the last but one: ours, in front of every command, is the last. */
async function autocrlfOf(git: Git): Promise<string> {
  const settings = (await git.run('config', '--get-all', 'core.autocrlf')).split('\n');
  return settings.at(-2) ?? 'false';
}

async function hasRepository(folder: string): Promise<boolean> {
  return lstat(join(folder, '.git')).then(
    () => true,
    () => false,
  );
}
