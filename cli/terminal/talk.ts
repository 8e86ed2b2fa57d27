// Owns what is said while a command works (questions, warnings, progress), all on stderr: stdout is for the result.
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { escapeControls, escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import { CliError } from '../cli-error.ts';
import { fold } from './fold.ts';
import { eraseLine, type Report, showProgress } from './progress.ts';
import type { Choice } from './prompts.ts';

/** Empties the screen and what was scrolled away, and goes to its first place. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

const WARNING = 'warning';

export interface Talk {
  /** A person is watching: a terminal, not in CI, not with --json. */
  readonly watched: boolean;
  /** That person can answer questions. */
  readonly canAsk: boolean;
  /** Lines that somebody has to act on; always shown. */
  tell(lines: string): void;
  /** One line, shown to people only: not in CI, not with --json. */
  note(line: string): void;
  /** One line that matters; always shown. */
  warn(line: string): void;
  /** Empties the screen, for people only. */
  clear(): void;
  /** @throws {CliError} NO_TERMINAL where nobody can answer, INTERRUPTED for Ctrl-C. */
  ask(question: string): Promise<string>;
  /** The index of the one that a person chooses; undefined for none of them. @throws as `ask`. */
  choose(question: string, choices: readonly Choice[]): Promise<number | undefined>;
  /** Like ask, without showing what is typed. */
  askSecret(question: string): Promise<string>;
  /** A question that Enter answers with no. @throws as {@link ask}. */
  confirm(question: string): Promise<boolean>;
  /** Shows a label while the work runs, with a bar as soon as it reports. */
  during<T>(label: string, work: (report: Report) => Promise<T>): Promise<T>;
}

export interface Terminal {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: { readonly CI?: string };
  readonly json: boolean;
  /** Makes the commands in lines that can be run as they are. */
  readonly callable?: (text: string) => string;
}

/** The talk for a terminal; without one, in CI and with --json it asks nothing and draws nothing. */
export function createTalk({ stdin, stderr, env, json, callable = (text) => text }: Terminal): Talk {
  const people = stderr.isTTY === true && !env.CI && !json;
  const canAsk = people && stdin.isTTY === true;
  const say = (line: string) => {
    // Work in progress draws itself again below it.
    if (people) eraseLine(stderr);
    stderr.write(`${line}\n`);
  };
  return {
    watched: people,
    canAsk,
    tell: (lines) => say(escapeControlsInLines(callable(lines))),
    note: (line) => people && say(escapeControlsInLines(callable(line))),
    warn: (line) => say(warning(escapeControlsInLines(line), people ? stderr.columns : undefined, stderr)),
    clear: () => people && void stderr.write(CLEAR),
    ask: async (question) => (await prompts(canAsk, question)).ask(question),
    choose: async (question, choices) => (await prompts(canAsk, question)).choose(question, choices.map(escaped)),
    askSecret: async (question) => (await prompts(canAsk, question)).askSecret(question),
    confirm: async (question) => (await prompts(canAsk, question)).confirm(question),
    during: (label, work) => (people ? showProgress(stderr, escapeControls(label), work) : work(() => {})),
  };
}

/** Broken between words for people; programs get one line. @param columns undefined: as many as it takes. */
function warning(line: string, columns: number | undefined, stream: Writable): string {
  const [first = '', ...more] = fold(`${WARNING} ${line}`, columns || Number.POSITIVE_INFINITY);
  return [styleText('yellow', WARNING, { stream }) + first.slice(WARNING.length), ...more].join('\n');
}

function escaped({ label, hint }: Choice): Choice {
  return { label: escapeControls(label), hint: escapeControls(hint) };
}

/** Loads prompts only when needed: most commands never ask. */
async function prompts(canAsk: boolean, question: string): Promise<typeof import('./prompts.ts')> {
  if (!canAsk) throw new CliError('NO_TERMINAL', `Cannot ask without a terminal: ${question.replace(/\?$/, '')}?`);
  return import('./prompts.ts');
}
