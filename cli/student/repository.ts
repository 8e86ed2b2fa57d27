// Owns what is told of the student's repository, apart from making it: showing it needs no git.

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

/** The message of the first commit: `Start @diego/rust-mastery 1.0.0`. */
export function firstCommitMessage({ name, version }: { name: string; version: string }): string {
  return `Start ${name} ${version}`;
}

export function isRepository(outcome: Repository | NoRepository): outcome is Repository {
  return 'commit' in outcome;
}
