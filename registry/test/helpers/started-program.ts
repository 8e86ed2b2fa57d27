// Owns running a long-lived program of this repository as a shell does: in its own process group, which must leave nothing behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';

const POLL_MS = 20;

export interface Run {
  child: ChildProcess;
  /** Everything it has printed. */
  output(): string;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
}

/** Runs a command in `cwd`; all of its processes end with the test. */
export function runProgram(t: Test, cwd: string, command: readonly [string, ...string[]]): Run {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  t.teardown(() => signalGroup(child, 'SIGKILL'));
  return { child, output: () => output, ended };
}

export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-Number(pid), signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * The first group of the pattern in the program's output, once it appears.
 * @throws {Error} with the output, if the program ends before.
 */
export async function printed({ child, output, ended }: Run, pattern: RegExp): Promise<string> {
  const find = () => pattern.exec(output())?.[1];
  let over = false;
  const end = ended.then(() => {
    over = true;
  });
  while (find() === undefined && !over) await Promise.race([end, nextChunk(child)]);
  const found = find();
  if (found === undefined) throw new Error(`It never printed ${pattern}:\n${output()}`);
  return found;
}

function nextChunk({ stdout, stderr }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    for (const stream of [stdout, stderr]) stream?.once('data', () => resolve());
  });
}

/** The URL in the line that other tools wait for. */
export function readyUrl(run: Run): Promise<string> {
  return printed(run, /^Progy registry ready at (\S+)$/m);
}

/** Names of the living processes of a group. */
export async function membersOf(group: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat) => {
    const [, name = '', state, of] = /\((.*)\) (\S) \d+ (\d+)/s.exec(stat) ?? [];
    return Number(of) === group && state !== 'Z' ? [name] : [];
  });
}

/** Resolves once all processes of the run have ended. Limited by the test's timeout. */
export async function groupIsGone({ child }: Run): Promise<void> {
  while ((await membersOf(Number(child.pid))).length > 0) await delay(POLL_MS);
}
