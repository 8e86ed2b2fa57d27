// Owns running git so that nothing in a course or in the person's settings can run or interfere.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Environment } from '../context.ts';

/** A git command that failed, or could not be started (`missing`). */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly missing: boolean;

  constructor(message: string, missing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.missing = missing;
  }
}

export interface Git {
  /**
   * Runs git in the folder and returns its output, without the line end.
   * @throws {GitError} with git's message.
   */
  run(...args: string[]): Promise<string>;
  /** Starts git in the folder, to be given its input piece by piece. */
  start(...args: string[]): RunningGit;
}

export interface RunningGit {
  /** Resolves once there is room for more, or git has ended: then `end` says why. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Ends the input, and waits for git to end.
   * @throws {GitError} with git's message.
   */
  end(): Promise<string>;
}

/**
 * Settings for every call. Hooks and fsmonitor are programs that a repository or a person's config can name; signing asks
 * for keys; converting line ends would commit bytes that differ from the course's; background maintenance would still
 * write while the folder is moved; compression takes longer than everything else, and the first `git gc` does it anyway.
 */
export const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'core.autocrlf=false',
  'core.safecrlf=false',
  'core.quotePath=false',
  'core.compression=0',
  'core.looseCompression=0',
  'gc.auto=0',
  'maintenance.auto=false',
  'init.defaultBranch=main',
  'advice.defaultBranchName=false',
].flatMap((setting) => ['-c', setting]);

/** The environment may set the person's identity, but not the place of a repository or git's behaviour. */
const KEPT_VARIABLE = /^GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)$/;

/** git for one folder. */
export function gitIn(folder: string, env: Environment, signal: AbortSignal): Git {
  const start = (...args: string[]) => startGit(['-C', folder, ...SETTINGS, ...args], gitEnvironment(env), signal);
  return { start, run: (...args) => start(...args).end() };
}

/** The environment without git's variables: GIT_DIR alone would make git work on another repository. */
export function gitEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_') || KEPT_VARIABLE.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}

/** Started outside the folder, because Windows looks for `git` in the working folder, and a course may contain a git.exe. */
function startGit(args: string[], env: Environment, signal: AbortSignal): RunningGit {
  const child = spawn('git', args, { env, signal, stdio: 'pipe' });
  const ended = endOf(child, signal);
  // Whoever ends it sees the error.
  ended.catch(() => {});
  // A git that failed reads no further, and says why itself.
  child.stdin.on('error', () => {});
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (child.stdin.write(bytes, () => resolve())) resolve();
      }),
    end() {
      child.stdin.end();
      return ended;
    },
  };
}

/** What git printed, once it has ended: also after an abort it may write until then. */
function endOf(child: ChildProcessWithoutNullStreams, signal: AbortSignal): Promise<string> {
  const said = collect(child.stdout);
  const complained = collect(child.stderr);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      if (child.pid === undefined) reject(signal.aborted ? signal.reason : notStarted(cause));
    });
    child.on('close', (code) => {
      if (signal.aborted) reject(signal.reason);
      else if (code === 0) resolve(said().trimEnd());
      else reject(new GitError(complained().trim() || `git ended with code ${code}`, false));
    });
  });
}

function notStarted(cause: Error): GitError {
  return new GitError('git could not be started', true, { cause });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
