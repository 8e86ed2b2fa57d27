// Owns one run of progy: arguments become a command, its result or its error becomes output and an exit code.
import { homedir, hostname } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import { escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import { CommanderError } from 'commander';
import type { Context, Environment } from './context.ts';
import type { Explanation } from './explain-error.ts';
import type { NetworkPolicy } from './network/policy.ts';
import { callableIn, callableInNext, ownCommand, ownUpdate, type Started } from './own-command.ts';
import { createProgram, helpFor, type Stdout } from './program.ts';
import { fold } from './terminal/fold.ts';
import { safeJson } from './terminal/safe-json.ts';
import { createTalk, type Talk } from './terminal/talk.ts';

/** Used when the terminal does not say how wide a line may be. */
const DEFAULT_COLUMNS = 80;

const ERROR = 'error';

/** What a process provides; tests pass their own. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
  /** Path of the file that was started. */
  readonly script?: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Stdout;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted by Ctrl-C, with the error to end with as its reason. */
  readonly signal: AbortSignal;
  /** How long to wait for the network. Undefined: the usual policy. */
  readonly networkPolicy?: NetworkPolicy;
}

/** Runs one command line (without `node progy`). Returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const json = argv.includes('--json');
  let exitCode = 0;
  const context = contextOf(surroundings, json);
  const program = createProgram({
    context,
    stdout: surroundings.stdout,
    end: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const cause = surroundings.signal.aborted ? surroundings.signal.reason : error;
    const { explainError } = await import('./explain-error.ts');
    const explained = explainError(cause, helpFor(program, argv));
    const explanation = { ...explained, next: callableIn(explained.next, context.progy) };
    report(explanation, surroundings, json);
    if (surroundings.env.PROGY_DEBUG) surroundings.stderr.write(`${debugText(cause)}\n`);
    return exitCodeOf(explanation);
  }
}

/** What takes time to make is made when a command first asks for it. */
function contextOf(surroundings: Surroundings, json: boolean): Context {
  const { cwd, env, signal, stdout, networkPolicy } = surroundings;
  let talk: Talk | undefined;
  let progy: string | undefined;
  // npm's idea of home: on Windows a HOME that Git Bash sets does not count.
  const home = (process.platform === 'win32' ? env.USERPROFILE : env.HOME) || homedir();
  const started: Started = { script: surroundings.script, env, home, platform: process.platform };
  return {
    cwd,
    env,
    home,
    host: hostname(),
    signal,
    networkPolicy,
    get stdin() {
      return surroundings.stdin;
    },
    // Some terminals, such as that of script(1), say 0.
    columns: stdout.columns || DEFAULT_COLUMNS,
    get progy() {
      progy ??= ownCommand(started);
      return progy;
    },
    update: (registry) => ownUpdate(started, registry),
    get talk() {
      const callable = (text: string) => callableInNext(text, this.progy);
      talk ??= createTalk({ stdin: surroundings.stdin, stderr: surroundings.stderr, env, json, callable });
      return talk;
    },
  };
}

/** Failures go to stderr, except with --json: programs read stdout. */
function report({ error, code, next, details }: Explanation, { stdout, stderr }: Surroundings, json: boolean): void {
  if (json) {
    stdout.write(`${safeJson({ success: false, error, code, next, ...(details ? { details } : {}) })}\n`);
    return;
  }
  const columns = (stderr.isTTY && stderr.columns) || Number.POSITIVE_INFINITY;
  const [first = '', ...more] = fold(`${ERROR} ${error} (${code})`, columns);
  stderr.write(`${[styleText('red', ERROR, { stream: stderr }) + first.slice(ERROR.length), ...more].join('\n')}\n`);
  stderr.write(`Next: ${next}\n`);
}

function exitCodeOf({ code }: Explanation): number {
  if (code === 'INTERRUPTED') return 130;
  return code === 'USAGE' ? 2 : 1;
}

function debugText(error: unknown): string {
  return escapeControlsInLines(error instanceof Error ? `${error.stack}\n${error.cause ?? ''}` : String(error));
}
