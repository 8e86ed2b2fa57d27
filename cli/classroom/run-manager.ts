// Owns running a package manager that is installed on this computer.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CliError } from '../cli-error.ts';
import type { Context, Environment } from '../context.ts';
import type { Manager } from './lockfiles/locked-course.ts';
import { COMMANDS } from './managers.ts';

/** Characters of output that are kept, for its last lines. */
const KEPT_OUTPUT = 20_000;
const SHOWN_LINES = 5;
/** Settings of the person that a package manager needs to reach the network. The others are about the command that runs progy. */
const KEPT_SETTING = /^npm_config_(?:userconfig|cache|proxy|https_proxy|noproxy|cafile)$/i;

/**
 * The version of a package manager.
 * @throws {CliError} MANAGER_FAILED if it is not installed, or if `yarn` is not the Yarn that was chosen.
 */
export async function managerVersion(manager: Manager, folder: string, context: Context): Promise<string> {
  const [program] = COMMANDS[manager].lock;
  const version = (await runManager([program, '--version'], folder, context)).trim();
  const isYarn1 = version.startsWith('1.');
  if (manager === 'yarn' && isYarn1)
    throw failed(
      `This yarn is ${version}, and --manager yarn is about Yarn 4`,
      'Use --manager yarn1, or run: corepack enable',
    );
  if (manager === 'yarn1' && !isYarn1)
    throw failed(`This yarn is ${version}, and --manager yarn1 is about Yarn 1`, 'Use --manager yarn');
  return version;
}

/** Writes the lockfile of a folder. @throws {CliError} MANAGER_FAILED with the last lines that it printed. */
export async function writeLockfile(manager: Manager, folder: string, context: Context): Promise<void> {
  await runManager(COMMANDS[manager].lock, folder, context);
}

/** What it printed, without what it said beside that. All arguments are our own words: on Windows, where these programs are scripts, a shell has to start them. */
function runManager(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  { env, signal }: Context,
): Promise<string> {
  const options = { cwd, env: environment(env), signal, shell: process.platform === 'win32' };
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = lastOf(child.stdout);
  const said = lastOf(child.stdout, child.stderr);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(signal.aborted ? signal.reason : notThere(program, cause)));
    child.on('close', (code) => {
      if (code === 0) resolve(printed());
      else
        reject(
          failed(
            `${program} ${args[0]} failed: ${lastLines(said())}`,
            `Run it in a folder of your own to see more: ${program} ${args.join(' ')}`,
          ),
        );
    });
  });
}

/** The last characters of streams, as they come. */
function lastOf(...streams: readonly Readable[]): () => string {
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  for (const stream of streams) stream.on('data', keep);
  return () => output;
}

/** Without what `npx` and `npm start` say about themselves. */
function environment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || KEPT_SETTING.test(name));
  return Object.fromEntries(kept);
}

function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-SHOWN_LINES).join(' | ');
}

function notThere(program: string, cause: Error): CliError {
  return new CliError('MANAGER_FAILED', `${program} is not installed on this computer`, undefined, { cause });
}

function failed(message: string, next: string): CliError {
  return new CliError('MANAGER_FAILED', message, next);
}
