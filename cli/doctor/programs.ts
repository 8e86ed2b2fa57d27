// Owns what progy doctor says about programs: Node, npm, git, and whom git takes the person for.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { versionsIn } from '@progy/protocol/course/version.ts';
import type { Context } from '../context.ts';
import packageJson from '../package.json' with { type: 'json' };
import { howToGetGit } from '../student/get-git.ts';
import { gitIn } from '../student/git.ts';
import { type Check, ok, warn } from './check.ts';

const run = promisify(execFile);

/** Milliseconds. A program that takes longer to say its version counts as missing. */
const PATIENCE = 10_000;

const GET_NODE = 'Install a current Node.js from https://nodejs.org/en/download';

/** Node, or the runtime inside a standalone program. */
export function checkNode(): Check {
  const { bun, node } = process.versions;
  if (bun !== undefined) return ok('runtime', `Bun ${bun}`);
  const wanted = packageJson.engines.node;
  return versionsIn(wanted, [node])?.length === 1
    ? ok('Node', node)
    : warn('Node', `${node}, where progy is tested with ${wanted}`, GET_NODE);
}

/** Only class folders need it. */
export async function checkNpm(context: Context): Promise<Check> {
  const version = await versionOf('npm', context);
  return version === undefined ? warn('npm', 'not found; class folders need it', GET_NODE) : ok('npm', version);
}

export async function checkGit(context: Context): Promise<Check> {
  const version = await versionOf('git', context);
  if (version !== undefined) return ok('git', version.replace(/^git version /, ''));
  return warn('git', 'not found; courses start without a repository', howToGetGit(process.platform, context.env));
}

/** Undefined without git: there is nothing to say then. */
export async function checkGitIdentity({ cwd, env, signal }: Context): Promise<Check | undefined> {
  const git = gitIn(cwd, env, signal);
  const read = (name: string) => git.run('config', name).catch(() => '');
  if ((await git.run('--version').catch(() => undefined)) === undefined) return undefined;
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  if (name !== '' && email !== '') return ok('git identity', `${name} <${email}>`);
  const fix = 'git config --global user.name "Your Name" && git config --global user.email you@example.com';
  return warn('git identity', 'git does not know your name, so commits are by "Progy Student"', fix);
}

/** On Windows npm is a script, which only a shell starts. */
async function versionOf(program: string, { env, signal }: Context): Promise<string | undefined> {
  const options = { env, signal, timeout: PATIENCE, shell: process.platform === 'win32' };
  return run(program, ['--version'], options).then(
    ({ stdout }) => stdout.trim(),
    () => {
      signal.throwIfAborted();
      return undefined;
    },
  );
}
