// Owns running real programs as a person at a terminal does: on their own machine, typing answers to prompts.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A program and its first arguments. */
export type Program = readonly [string, ...string[]];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What to type once a prompt shows. */
export interface Reply {
  prompt: string;
  line: string;
}

interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  replies?: readonly Reply[];
  /** Timeout in milliseconds, for a program that waits for input nobody types. */
  patience?: number;
  /** Runs it in its own terminal, for programs that prompt only there. Then all output is in stdout. */
  terminal?: boolean;
}

const PATIENCE = 60_000;
/** Python has pseudo-terminals; Node does not. */
const IN_TERMINAL: Program = [
  'python3',
  '-c',
  'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
];
const BIN_FOLDER = /[\\/]node_modules[\\/]\.bin[\\/]?$/;

/** Runs a program to its end. Types replies one at a time, each when its prompt shows: npm drops early input. */
export async function runProgram(program: Program, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, replies = [], patience = PATIENCE, terminal = false } = options;
  const [command, ...words] = [...(terminal ? IN_TERMINAL : []), ...program, ...args] as [string, ...string[]];
  const child = spawn(command, words, { cwd, env, stdio: 'pipe', timeout: patience });
  const waiting = [...replies];
  let heard = '';
  child.stdout.on('data', (chunk: Buffer) => {
    heard += chunk;
    if (waiting[0] === undefined || !heard.includes(waiting[0].prompt)) return;
    heard = '';
    child.stdin.write(`${waiting.shift()?.line}${terminal ? '\r' : '\n'}`);
  });
  if (replies.length === 0) child.stdin.end();
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/**
 * The environment of a fresh machine whose home is `home`: its programs, and no settings of this machine, of npm run,
 * or of git.
 */
export function freshEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: machinePath().join(delimiter),
    HOME: home,
    USERPROFILE: home,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    npm_config_globalconfig: join(home, 'no-such-npmrc'),
  };
}

/** The folders of the PATH, without those that `npm run` puts before them. */
export function machinePath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !BIN_FOLDER.test(folder));
}
