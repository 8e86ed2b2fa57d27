// Owns the git repository that a student starts with: new, on main, with one commit.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CourseEntry, FileMode } from '@progy/protocol/course/course-files.ts';
import type { Context, Environment } from '../context.ts';
import type { Follower } from '../course/download.ts';
import { howToGetGit } from './get-git.ts';
import { type Git, GitError, gitIn, type RunningGit } from './git.ts';
import type { NoRepository, Repository } from './repository.ts';

const BRANCH = 'main';
/** Small files are sent together: each piece by itself would wake git. */
const BATCH_BYTES = 64 * 1024;
/** Who commits where git does not know the person. */
export const NEUTRAL = { name: 'Progy Student', email: 'student@progy.invalid' };

/** Keeps the files of a course that is arriving. */
export interface Keeper extends Follower {
  /** Makes one commit of the files; undefined where no repository is wanted. */
  commit(message: string): Promise<Repository | NoRepository | undefined>;
  /** Ends its work, and waits until it writes no more. After `commit` there is nothing to end. */
  abandon(): Promise<void>;
}

/** For those who want no repository. */
export const NO_PORTFOLIO: Keeper = {
  async begin() {},
  async write() {},
  commit: async () => undefined,
  async abandon() {},
};

/** Who makes the commit. */
interface Identity {
  /** As git writes people and times: `Ana <ana@example.com> 1700000000 +0000`. */
  readonly author: string;
  readonly committer: string;
  /** False if git does not know the person. */
  readonly isOwn: boolean;
}

/**
 * A repository in the making, while the files for it are still arriving: `git fast-import` writes them all into one pack,
 * which takes a third of the time that `git add` does for as many files of their own. If git is missing or fails, the
 * folder stays, without any trace of a repository, and the result gives the reason.
 */
export class Portfolio implements Keeper {
  readonly #folder: string;
  readonly #env: Environment;
  readonly #git: Git;
  readonly #given = new AbortController();
  readonly #importing: Promise<RunningGit>;
  readonly #identity: Promise<Identity>;
  /** The n-th file has the mark n. */
  readonly #files: { readonly path: string; readonly mode: FileMode }[] = [];
  /** Not sent yet. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  /** @param folder absolute path of a folder without a repository. */
  constructor(folder: string, { env, signal }: Context) {
    this.#folder = folder;
    this.#env = env;
    this.#git = gitIn(folder, env, AbortSignal.any([signal, this.#given.signal]));
    const initialized = initialize(this.#git, folder);
    this.#importing = initialized.then(() => startImport(this.#git));
    this.#identity = initialized.then(() => identityOf(this.#git));
    // They are awaited later, or never.
    for (const work of [this.#importing, this.#identity]) work.catch(() => {});
  }

  async begin({ path, mode, size }: CourseEntry): Promise<void> {
    const mark = this.#files.push({ path, mode });
    await this.write(Buffer.from(`blob\nmark :${mark}\ndata ${size}\n`));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
    if (this.#pieceBytes >= BATCH_BYTES) await this.#send();
  }

  async commit(message: string): Promise<Repository | NoRepository> {
    try {
      const identity = await this.#identity;
      await this.write(Buffer.from(this.#commitText(message, identity)));
      await this.#send();
      const imported = await (await this.#importing).end();
      const amended = await this.#takeStock(identity);
      return { commit: amended ?? imported, branch: BRANCH, isOwnIdentity: identity.isOwn };
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await rm(join(this.#folder, '.git'), { recursive: true, force: true });
      if (!error.missing) return { problem: 'git-failed', detail: error.message };
      return { problem: 'git-missing', detail: howToGetGit(process.platform, this.#env) };
    }
  }

  async abandon(): Promise<void> {
    this.#given.abort();
    await Promise.allSettled([this.#importing.then((importing) => importing.end()), this.#identity]);
  }

  /** An import that did not start, or failed, says so when the commit is made. */
  async #send(): Promise<void> {
    const batch = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    const importing = await this.#importing.catch(() => undefined);
    await importing?.write(batch);
  }

  /** Paths of courses, and of the lock, contain nothing that would have to be quoted. */
  #commitText(message: string, { author, committer }: Identity): string {
    const mark = this.#files.length + 1;
    return [
      `commit refs/heads/${BRANCH}`,
      `mark :${mark}`,
      `author ${author}`,
      `committer ${committer}`,
      // With the line end that git gives every message.
      `data ${Buffer.byteLength(message) + 1}`,
      `${message}\n`,
      ...this.#files.map(({ path, mode }, index) => `M ${mode} :${index + 1} ${path}`),
      `get-mark :${mark}`,
      'done\n',
    ].join('\n');
  }

  /**
   * Makes the index of the commit. git then says whether it would have stored a file in another way, because of attributes:
   * if so, it does, or the student would begin with changes of nobody's. Returns the id of the changed commit.
   */
  async #takeStock({ isOwn }: Identity): Promise<string | undefined> {
    const git = this.#git;
    await git.run('read-tree', 'HEAD');
    if (await succeeds(git.run('update-index', '--refresh'))) return undefined;
    await git.run('add', '--all', '--force', '.');
    const person = isOwn ? [] : ['-c', `user.name=${NEUTRAL.name}`, '-c', `user.email=${NEUTRAL.email}`];
    await git.run(...person, 'commit', '--quiet', '--amend', '--no-edit', '--no-verify');
    return git.run('rev-parse', 'HEAD');
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

/** Makes a folder a repository, on main. An empty template brings no hooks. `git init -b`, and the setting for it, came with git 2.28; for older ones the branch is set afterwards. */
export async function initialize(git: Git, folder: string): Promise<void> {
  await git.run('init', '--quiet', '--template=');
  const head = await readFile(join(folder, '.git', 'HEAD'), 'utf8');
  if (head !== `ref: refs/heads/${BRANCH}\n`) await git.run('symbolic-ref', 'HEAD', `refs/heads/${BRANCH}`);
}

/** `--done`: input that ends early makes no commit. It looks for nothing similar, which would take longer than all else. */
function startImport(git: Git): RunningGit {
  return git.start('-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--done', '--depth=0');
}

/** The person's, or a neutral one if git does not know them. Without useConfigOnly git would make up an address from the host's name. */
async function identityOf(git: Git): Promise<Identity> {
  const asked = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'].map((name) =>
    git.run('-c', 'user.useConfigOnly=true', 'var', name),
  );
  try {
    const [author = '', committer = ''] = await Promise.all(asked);
    return { author, committer, isOwn: true };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const neutral = `${NEUTRAL.name} <${NEUTRAL.email}> ${Math.floor(Date.now() / 1000)} +0000`;
    return { author: neutral, committer: neutral, isOwn: false };
  }
}

/** Whether git was content. */
async function succeeds(work: Promise<string>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}
