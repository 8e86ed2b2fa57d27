// Owns the remote `origin` of a student's repository: reading it, setting it, and which addresses it may have.
import { resolve } from 'node:path';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import { type Git, GitError } from '../student/git.ts';

export const REMOTE = 'origin';

const MAX_URL = 2_048;
/** Tokens of GitHub, GitLab and others, also as the name before the host. */
const TOKEN = /^(?:gh[opusr]_|github_pat_|glpat-|x-access-token$|x-token-auth$|oauth2$)/;

/** The address of origin; undefined if there is none. */
export async function originOf(git: Git): Promise<string | undefined> {
  try {
    return await git.run('config', '--local', '--get', `remote.${REMOTE}.url`);
  } catch (error) {
    if (error instanceof GitError && !error.missing) return undefined;
    throw error;
  }
}

/**
 * Makes sure that origin is this address.
 * @throws {CliError} REMOTE_EXISTS if it is another.
 */
export async function setOrigin(git: Git, url: string): Promise<void> {
  const there = await originOf(git);
  if (there === url) return;
  if (there !== undefined)
    throw new CliError('REMOTE_EXISTS', `The repository already has a remote ${REMOTE}: ${quote(there)}`);
  await git.run('remote', 'add', '--', REMOTE, url);
}

/**
 * Checks the address of a repository that a person typed. A path is made absolute.
 * @param cwd absolute.
 * @throws {CliError} REMOTE_INVALID for one that runs a program, or that would put a password into .git/config.
 */
export function parseRemote(text: string, cwd: string): string {
  const typed = text.trim();
  const problem = problemOf(typed);
  if (problem !== undefined) throw new CliError('REMOTE_INVALID', problem);
  return isPath(typed) ? resolve(cwd, typed) : typed;
}

function problemOf(typed: string): string | undefined {
  if (typed === '' || typed.length > MAX_URL || typed.startsWith('-') || /\p{Cc}/u.test(typed))
    return `${quote(typed)} is not the address of a repository`;
  // git runs a program for `ext::…`.
  if (/^[^/:]*::/.test(typed)) return `${quote(typed)} is not an address on the network`;
  const url = URL.parse(typed);
  if (url === null) return undefined;
  // Not quoted: it would be shown.
  if (url.password !== '' || TOKEN.test(url.username))
    return 'The address contains a password or token, which would be stored in .git/config';
  return undefined;
}

/** `host:path` is ssh; `C:\path` is not. */
function isPath(typed: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(typed) || !/^[^/]*:/.test(typed);
}
