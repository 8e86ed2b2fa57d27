// Owns pushing a student's main branch: no credential is stored, shown or asked for on the way, and nothing waits forever.

import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { GitError, gitIn } from '../student/git.ts';
import { REMOTE } from './remote.ts';

export const BRANCH = 'main';
/** What a student types to push by hand. */
export const PUSH_BY_HAND = `git push --set-upstream ${REMOTE} ${BRANCH}`;

/** GitHub takes any name with a token, and recommends this one. */
const TOKEN_USER = 'x-access-token';
/** Read by the helper below, in the environment of git alone. */
const TOKEN_VARIABLE = 'PROGY_PUSH_TOKEN';
/** A credential helper of one line, run by the shell that comes with git. `printf` is part of the shell, so it has no arguments that others see. */
const HELPER = `!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" ${TOKEN_USER} "$${TOKEN_VARIABLE}"; }; f`;

/** Seconds without a byte after which git gives up, and until a connection stands. */
const IDLE_SECONDS = 30;
const MAX_REASON = 200;

export interface Push {
  /** Absolute path of the repository. */
  readonly folder: string;
  /** What to push to, as the remote has it. */
  readonly url: string;
  /** Password for that host alone; undefined: the person's own way. */
  readonly token?: string;
  /** The command that finishes what fails here. */
  readonly next: string;
}

/**
 * Pushes main, and lets it follow the remote's.
 * @throws {CliError} PUSH_FAILED with git's reason. Nothing in the folder has changed then.
 */
export async function pushMain(push: Push, context: Context): Promise<void> {
  const { folder, url, token } = push;
  const settings = await quietly(push, context);
  const credential = token === undefined ? [] : onlyOurHelper(url);
  const git = gitIn(folder, pushEnvironment(token, context), context.signal);
  const flags = [...settings, ...credential].flatMap((setting) => ['-c', setting]);
  try {
    await git.run(...flags, 'push', '--quiet', '--set-upstream', REMOTE, `refs/heads/${BRANCH}:refs/heads/${BRANCH}`);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw pushFailed(push, error);
  }
}

/** git's own prompts are off (git.ts). ssh asks at the terminal by itself, so it is told not to. */
async function quietly({ folder }: Push, { env, signal }: Context): Promise<string[]> {
  const own = await gitIn(folder, env, signal)
    .run('config', '--get', 'core.sshCommand')
    .catch(() => '');
  return [
    'core.askPass=',
    'push.gpgSign=false',
    'push.recurseSubmodules=no',
    // Of what git made while it hurried, as little as possible goes over the network.
    'core.compression=-1',
    'http.lowSpeedLimit=1',
    `http.lowSpeedTime=${IDLE_SECONDS}`,
    ...(own === '' ? [`core.sshCommand=ssh -o BatchMode=yes -o ConnectTimeout=${IDLE_SECONDS}`] : []),
  ];
}

/** An empty helper forgets the person's own, which would store the token. Ours answers for one host, whatever redirects. */
function onlyOurHelper(url: string): string[] {
  return ['credential.helper=', `credential.${new URL(url).origin}.helper=${HELPER}`];
}

function pushEnvironment(token: string | undefined, { env, talk }: Context): Context['env'] {
  return {
    ...env,
    SSH_ASKPASS: undefined,
    // Windows’ credential manager opens a window.
    ...(talk.watched ? {} : { GCM_INTERACTIVE: 'never' }),
    ...(token === undefined ? {} : { [TOKEN_VARIABLE]: token }),
  };
}

function pushFailed({ url, next }: Push, error: GitError): CliError {
  const message = `The push to ${quote(url, MAX_REASON)} did not work: ${reasonOf(error.message)}`;
  return new CliError('PUSH_FAILED', message, `Nothing is lost. To finish: ${next}`, { cause: error });
}

/** What git says after every failure of the other side, and what explains nothing. */
const GENERAL =
  /^(?:fatal: Could not read from remote repository\.|Please make sure you have|and the repository exists\.|$)/;

/** The line of git's complaint that says most. */
export function reasonOf(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.trim());
  if (lines.some(isBehind)) return 'it has commits that are not here';
  const telling = lines.filter((line) => !GENERAL.test(line));
  const said = ['! [', 'fatal: '].map((start) => telling.find((line) => line.startsWith(start))).find(Boolean);
  return quote((said ?? telling.at(-1) ?? lines[0] ?? '').replace(/^fatal: /, ''), MAX_REASON);
}

/** Without a pattern: what the other side says may be long. */
function isBehind(line: string): boolean {
  return line.startsWith('! [rejected]') && ['(fetch first)', '(non-fast-forward)'].some((why) => line.endsWith(why));
}
