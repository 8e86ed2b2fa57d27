// Owns the git repository that a student starts with: new, on main, with one commit.
import { readFile, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Context } from '../context.ts';
import { type Git, GitError, gitIn, type RunningGit } from './git.ts';
import type { NoRepository, Repository } from './repository.ts';

const BRANCH = 'main';
const NEUTRAL_IDENTITY = ['-c', 'user.name=Progy Student', '-c', 'user.email=student@progy.invalid'];

/** Keeps the files of a course that is arriving. */
export interface Keeper {
  /** Adds a file that is complete, also one that the course's own .gitignore names. @param path relative, with slashes. */
  add(path: string): void;
  /** Makes one commit of the files; undefined where no repository is wanted. */
  commit(message: string): Promise<Repository | NoRepository | undefined>;
  /** Ends its work, and waits until it writes no more. After `commit` there is nothing to end. */
  abandon(): Promise<void>;
}

/** For those who want no repository. */
export const NO_PORTFOLIO: Keeper = { add() {}, commit: async () => undefined, async abandon() {} };

/**
 * A repository in the making, while the files for it are still arriving. If git is missing or fails, the folder stays,
 * without any trace of a repository, and the result gives the reason.
 */
export class Portfolio implements Keeper {
  readonly #folder: string;
  readonly #git: Git;
  readonly #given = new AbortController();
  /** Reads paths, and stores the file of each. */
  readonly #storing: Promise<RunningGit>;
  /** Paths for it, as long as it has not been started. */
  #waiting: string[] | undefined = [];
  #count = 0;
  /** Files were stored before git could know what their attributes are. */
  #isStale = false;

  /** @param folder absolute path of a folder without a repository. */
  constructor(folder: string, { env, signal }: Context) {
    this.#folder = folder;
    this.#git = gitIn(folder, env, AbortSignal.any([signal, this.#given.signal]));
    this.#storing = this.#begin();
    this.#storing.catch(() => {});
  }

  add(path: string): void {
    if (posix.basename(path) === '.gitattributes' && this.#count > 0) this.#isStale = true;
    this.#count++;
    if (this.#waiting !== undefined) this.#waiting.push(path);
    else void this.#storing.then((storing) => storing.write(`${path}\0`));
  }

  async commit(message: string): Promise<Repository | NoRepository> {
    try {
      await (await this.#storing).end();
      if (this.#isStale) await this.#storeAgain();
      const isOwnIdentity = await commit(this.#git, message);
      return { commit: await this.#git.run('rev-parse', 'HEAD'), branch: BRANCH, isOwnIdentity };
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await rm(join(this.#folder, '.git'), { recursive: true, force: true });
      return { problem: error.missing ? 'git-missing' : 'git-failed', detail: error.message };
    }
  }

  async abandon(): Promise<void> {
    this.#given.abort();
    await this.#storing.then((storing) => storing.end()).catch(() => {});
  }

  async #storeAgain(): Promise<void> {
    await rm(join(this.#folder, '.git', 'index'), { force: true });
    await this.#git.run('add', '--all', '--force', '.');
  }

  async #begin(): Promise<RunningGit> {
    await initialize(this.#git, this.#folder);
    const storing = this.#git.start('update-index', '--add', '-z', '--stdin');
    for (const path of this.#waiting ?? []) storing.write(`${path}\0`);
    this.#waiting = undefined;
    return storing;
  }
}

/** The repository around a folder, or undefined: a course inside another repository surprises people. */
export async function repositoryAround(folder: string, { env, signal }: Context): Promise<string | undefined> {
  try {
    return await gitIn(folder, env, signal).run('rev-parse', '--show-toplevel');
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** An empty template brings no hooks. `git init -b`, and the setting for it, came with git 2.28; for older ones the branch is set afterwards. */
async function initialize(git: Git, folder: string): Promise<void> {
  await git.run('init', '--quiet', '--template=');
  const head = await readFile(join(folder, '.git', 'HEAD'), 'utf8');
  if (head !== `ref: refs/heads/${BRANCH}\n`) await git.run('symbolic-ref', 'HEAD', `refs/heads/${BRANCH}`);
}

/**
 * Commits as the person, or neutrally if git does not know them; returns whether it was the person. Without useConfigOnly
 * git would make up an address from the host's name.
 */
async function commit(git: Git, message: string): Promise<boolean> {
  const committing = ['commit', '--quiet', '--no-verify', `--message=${message}`];
  try {
    await git.run('-c', 'user.useConfigOnly=true', ...committing);
    return true;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // Checking beforehand would cost everybody two more processes; any other error occurs again.
    await git.run(...NEUTRAL_IDENTITY, ...committing);
    return false;
  }
}
