// Owns git's plumbing for the repository of a course: any index, any work tree, input, and output byte for byte.
import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import type { Context, Environment } from '../context.ts';
import { GitError, gitEnvironment, SETTINGS } from './git.ts';
import { NEUTRAL } from './portfolio.ts';

/** What one call of git may need. */
export interface Call {
  /** Standard input. */
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers, besides 0. */
  readonly answers?: readonly number[];
  /** Absolute path of the index, instead of the repository's. */
  readonly index?: string;
  /** Absolute path of the work tree, instead of the repository's. */
  readonly workTree?: string;
  /** Variables of git's. */
  readonly env?: Environment;
}

export interface Answer {
  readonly code: number;
  readonly bytes: Buffer;
}

export class Plumbing {
  /** Absolute path of the work tree. */
  readonly folder: string;
  /** Absolute path of the repository, usually `<folder>/.git`. */
  readonly gitDir: string;
  readonly #context: Pick<Context, 'env' | 'signal'>;
  /** The person's own `core.autocrlf`. */
  readonly #lineEnds: string;

  constructor(
    { folder, gitDir, autocrlf }: { folder: string; gitDir: string; autocrlf: string },
    context: Pick<Context, 'env' | 'signal'>,
  ) {
    this.folder = folder;
    this.gitDir = gitDir;
    this.#context = context;
    this.#lineEnds = `core.autocrlf=${autocrlf}`;
  }

  /**
   * Runs git with the person's own way of line ends.
   * @throws {GitError} for any exit code that is no answer.
   */
  async run(args: readonly string[], call: Call = {}): Promise<Answer> {
    const workTree = call.workTree ?? this.folder;
    // Started elsewhere, because Windows looks for `git` in the working folder.
    const place = ['-C', workTree, `--git-dir=${this.gitDir}`, `--work-tree=${workTree}`];
    const own = { ...call.env, ...(call.index === undefined ? {} : { GIT_INDEX_FILE: call.index }) };
    const child = spawn('git', [...place, ...SETTINGS, '-c', this.#lineEnds, ...args], {
      env: { ...gitEnvironment(this.#context.env), ...own },
      signal: this.#context.signal,
      stdio: 'pipe',
    });
    // A git that failed reads no further, and says why itself.
    child.stdin.on('error', () => {});
    child.stdin.end(call.input);
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', (cause) => reject(this.#failure(cause)));
      child.on('close', (code) => resolve(code ?? -1));
    });
    const [code, bytes, complaint] = await Promise.all([ended, buffer(child.stdout), text(child.stderr)]);
    if (code === 0 || call.answers?.includes(code)) return { code, bytes };
    throw new GitError(complaint.trim() || `git ended with code ${code}`, false);
  }

  /** What git prints, without the line end. */
  async line(args: readonly string[], call?: Call): Promise<string> {
    return (await this.run(args, call)).bytes.toString('utf8').trimEnd();
  }

  /** What git prints with `-z`. */
  async list(args: readonly string[], call?: Call): Promise<string[]> {
    const { bytes } = await this.run(args, call);
    return bytes.toString('utf8').split('\0').slice(0, -1);
  }

  /** Makes a commit that no branch knows yet, by the person, or neutrally if git does not know them. */
  async commitTree(tree: string, parents: readonly string[], message: string): Promise<string> {
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message];
    return this.line(['-c', 'user.useConfigOnly=true', ...args]).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      return this.line(['-c', `user.name=${NEUTRAL.name}`, '-c', `user.email=${NEUTRAL.email}`, ...args]);
    });
  }

  #failure(cause: Error): unknown {
    const { signal } = this.#context;
    return signal.aborted ? signal.reason : new GitError('git could not be started', true, { cause });
  }
}
