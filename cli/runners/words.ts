// Owns splitting a command into words, as a shell would, without one.
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';

/** What only a shell understands, outside quotes. */
const FOR_A_SHELL = '|&;<>`\n';

/** A gap, a quoted part, an escaped character, or any other. No part can be read in two ways: it takes linear time. */
const PART = /(?<gap>[ \t]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>["'\\ ])|(?<other>.)/gs;

/**
 * The words of a command: separated by spaces, whole between quotes. A backslash keeps the next quote, space or backslash;
 * before anything else it is itself, so that Windows paths stay.
 *
 * No library: those for shells expand variables and take a quote that nothing closes for text.
 * @throws {CliError} RUNNER_INVALID for a quote that nothing closes, and for what only a shell understands.
 */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const { groups = {} } of command.matchAll(PART)) {
    if (groups.gap === undefined) {
      word = (word ?? '') + textOf(groups, command);
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

function textOf({ single, double, escaped, other = '' }: Record<string, string | undefined>, command: string): string {
  if (other === '"' || other === "'") throw invalid(command, `nothing closes ${other}`);
  if (other !== '' && FOR_A_SHELL.includes(other)) {
    throw invalid(command, `only a shell understands "${other}", and progy starts programs without one`);
  }
  return single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? other;
}

function invalid(command: string, problem: string): CliError {
  return new CliError('RUNNER_INVALID', `The command ${quote(command)} cannot be read: ${problem}`);
}
