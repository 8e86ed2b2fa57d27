// Owns starting one program of a course: without a shell, for a limited time, with limited output, and to its very end.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Context, Environment } from '../context.ts';
import { Tail } from './output.ts';
import { endGroup, endTree, MARK, type Tree } from './process-tree.ts';
import type { Step } from './step.ts';
import { startable } from './windows.ts';

/** Bytes that are kept of what a program prints. */
const KEPT_BYTES = 1024 * 1024;
/** A program that prints more is ended. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What has left the program's group may keep its output open; nobody waits for it longer. */
const CLOSING_MS = 500;

/** How a program ended. */
export interface Ending {
  /** `missing` was not found, `forbidden` may not be started. */
  readonly how: 'exited' | 'killed' | 'timeout' | 'flooded' | 'missing' | 'forbidden';
  /** Exit code; undefined for a program that did not end by itself. */
  readonly code: number | undefined;
  /** The end of its standard output. */
  readonly stdout: string;
  /** The end of all that it printed, in the order in which it came. */
  readonly output: string;
}

export interface Limits {
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Called with all that is printed, at once, and where. */
  readonly onOutput?: (chunk: Buffer, name: 'stdout' | 'stderr') => void;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a program and waits for its end. After too much time or output, and after Ctrl-C, it ends it with all that it
 * started.
 * @throws the reason of `signal`, once nothing of the program is left.
 */
export async function execute(
  step: Step,
  { env, signal }: Pick<Context, 'env' | 'signal'>,
  limits: Limits,
): Promise<Ending> {
  signal.throwIfAborted();
  const mark = randomUUID();
  const { words, hidden } = await startable(step.words, process.platform);
  const [program, ...args] = words;
  const child = spawn(program, args, {
    cwd: step.cwd,
    env: { ...withoutOurs(env), ...step.env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches progy alone, which ends the group.
    detached: process.platform !== 'win32',
    windowsHide: hidden,
  });
  return watch(child, mark, signal, limits);
}

/** progy's token is nobody else's; on Windows programs would be looked for in the course before PATH. */
function withoutOurs({ PROGY_TOKEN: _, ...env }: Environment): Environment {
  return { ...env, NoDefaultCurrentDirectoryInExePath: '1' };
}

async function watch(
  child: Child,
  mark: string,
  signal: AbortSignal,
  { timeoutMs, onOutput }: Limits,
): Promise<Ending> {
  const stdout = new Tail(KEPT_BYTES);
  const output = new Tail(KEPT_BYTES);
  const ended = endOf(child);
  if (child.pid === undefined) return { how: await ended.problem, code: undefined, stdout: '', output: '' };
  const tree = { pid: child.pid, mark };
  let how: Ending['how'] | undefined;
  let ending: Promise<void> | undefined;
  const end = (reason: Ending['how']) => {
    how ??= reason;
    ending ??= endTree(tree);
  };
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output.add(chunk);
      onOutput?.(chunk, name);
      if (output.total > MAX_BYTES) end('flooded');
    });
  }
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  const interrupt = () => end('killed');
  const release = endedWith(tree);
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const code = await ended.code;
    clearTimeout(timer);
    await closed(child, tree);
    await ending;
    signal.throwIfAborted();
    return {
      how: how ?? (code === undefined ? 'killed' : 'exited'),
      code,
      stdout: stdout.text(),
      output: output.text(),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    release();
  }
}

/** The end of a program, or why it did not start. */
function endOf(child: Child): { code: Promise<number | undefined>; problem: Promise<'missing' | 'forbidden'> } {
  const code = new Promise<number | undefined>((resolve) => child.once('exit', (code) => resolve(code ?? undefined)));
  const problem = new Promise<'missing' | 'forbidden'>((resolve) =>
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 'missing' : 'forbidden')),
  );
  return { code, problem };
}

/** Ends what the program left in its group, then waits until all that was printed has come. */
async function closed(child: Child, tree: Tree): Promise<void> {
  endGroup(tree);
  const streams = [child.stdout, child.stderr];
  const closing = Promise.all(
    streams.map((stream) => stream.closed || new Promise((resolve) => stream.once('close', resolve))),
  );
  const timer = setTimeout(() => {
    for (const stream of streams) stream.destroy();
  }, CLOSING_MS);
  await closing;
  clearTimeout(timer);
}

/** Ends the group when progy ends at once, as after a second Ctrl-C. Returns what takes that back. */
function endedWith(tree: Tree): () => void {
  const end = () => endGroup(tree);
  process.once('exit', end);
  return () => void process.removeListener('exit', end);
}
