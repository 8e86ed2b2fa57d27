// Owns the git repository that a student starts with: new, on main, with one commit.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { howToGetGit } from './get-git.ts';
import { type Git, GitError, gitIn } from './git.ts';

export interface Repository {
  /** Hex id of the first commit. */
  readonly commit: string;
  readonly branch: string;
  /** False if git has no name and email, so that the commit has a neutral author. */
  readonly isOwnIdentity: boolean;
}

/** The reason why there is no repository. */
export interface NoRepository {
  readonly problem: 'git-missing' | 'git-failed';
  /** git's message; if git is missing, how to get it here. */
  readonly detail: string;
}

const BRANCH = 'main';
const NEUTRAL_IDENTITY = ['-c', 'user.name=Progy Student', '-c', 'user.email=student@progy.invalid'];

/**
 * Makes a folder a repository with one commit of everything in it. If git is missing or fails, the course stays, without
 * any trace of a repository, and the result gives the reason.
 */
export async function startPortfolio(
  folder: string,
  message: string,
  { env, signal }: Context,
): Promise<Repository | NoRepository> {
  const git = gitIn(folder, env, signal);
  try {
    await initialize(git, folder);
    return await commitAll(git, message);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await rm(join(folder, '.git'), { recursive: true, force: true });
    if (!error.missing) return { problem: 'git-failed', detail: error.message };
    return { problem: 'git-missing', detail: howToGetGit(process.platform, env) };
  }
}

/** The message of the first commit: `Start @diego/rust-mastery 1.0.0`. */
export function firstCommitMessage({ name, version }: { name: string; version: string }): string {
  return `Start ${name} ${version}`;
}

export function isRepository(outcome: Repository | NoRepository): outcome is Repository {
  return 'commit' in outcome;
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

/** Adds with force: the course's own .gitignore may name files that belong to the course. */
async function commitAll(git: Git, message: string): Promise<Repository> {
  await git.run('add', '--all', '--force', '.');
  const isOwnIdentity = await commit(git, message);
  return { commit: await git.run('rev-parse', 'HEAD'), branch: BRANCH, isOwnIdentity };
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
