// Owns a cell of the table: whether a client can do something, judged by its exit code and what it printed.
import { stripVTControlCharacters } from 'node:util';
import type { Test } from 'tap';
import type { Ended } from '../../clients/helpers/run-program.ts';

/** `words`: the client's message, if it cannot. */
export type Cell = { works: true } | { works: false; words: string };

export const WORKS: Cell = { works: true };

/** How the clients say that they have no such command. */
const NO_SUCH_COMMAND = [
  /^error Command "[\w-]+" not found\.$/m,
  /^error: Script not found "[\w-]+"$/m,
  /^Uh-oh\. .* is a subcommand reserved for future use by Bun\.$/m,
  /^Unknown Syntax Error: Command not found/m,
];
/** A line break that a client inserts to fit a sentence into its box. */
const BOX = /[\s│]+/g;
/** The same between words: pnpm 12 indents how a line goes on, and JavaScript the stack below it. */
const FOLD = /\n +(│ +)?(?!at )(?=\w)/g;

/** All of its output, as a person reads it. */
export function said({ stdout, stderr }: Ended): string {
  return stripVTControlCharacters(`${stdout}\n${stderr}`).replaceAll('\r', '');
}

/** The cell of a client that says that it has no such command; undefined for one that has it. */
export function noSuchCommand(ended: Ended): Cell | undefined {
  const text = said(ended);
  const words = NO_SUCH_COMMAND.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
  return words !== undefined && ended.code !== 0 ? { works: false, words } : undefined;
}

/** Returns a client's output, after asserting success. */
export function ok(t: Test, ended: Ended, fact: string): string {
  t.equal(ended.code, 0, fact, { said: said(ended) });
  return said(ended);
}

/** Whether it printed the sentence, however it broke the lines. */
export function prints(ended: Ended, sentence: string): boolean {
  return said(ended).replace(BOX, '').includes(sentence.replace(BOX, ''));
}

/** The cell with a client's own message: the match of the pattern in a line, which must exist. */
export function inItsOwnWords(t: Test, ended: Ended, pattern: RegExp): Cell {
  const lines = said(ended).replace(FOLD, ' ').split('\n');
  const words = lines.map((line) => pattern.exec(line)?.[0]).find((found) => found !== undefined);
  t.ok(words !== undefined, `it says ${pattern}`, { said: said(ended) });
  return { works: false, words: words?.trim() ?? '' };
}
