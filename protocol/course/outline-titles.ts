// Owns where the titles of modules and exercises come from: README headings, info.toml, and folder names.
import { entriesOf, readToml, type TomlValue } from './lenient-toml.ts';

const MAX_TITLE = 120;
/** Characters of a line that are searched for a title: with links and spaces, more than a title may have. */
const READ_OF_LINE = 1_000;

/** The first heading of a Markdown text as plain text, or undefined. Takes time in proportion to the text's length. */
export function headingOf(markdown: string): string | undefined {
  // The prefix is short and any text matches: nothing is scanned twice.
  const heading = /^ {0,3}#{1,6}[ \t](.+)/m.exec(markdown)?.[1];
  if (heading === undefined) return undefined;
  const line = heading.trimStart().slice(0, READ_OF_LINE);
  return toTitle(withoutLinks(withoutClosingHashes(line)).replace(/[*`]+/g, ''));
}

/** `Title` for `Title ##`. Hashes that touch the text belong to it. */
function withoutClosingHashes(heading: string): string {
  const closed = withoutLast(heading, ' \t');
  const text = withoutLast(closed, '#');
  return text.length < closed.length && /[ \t]$/.test(text) ? text : heading;
}

function withoutLast(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** `text` for `[text](target)` and `![text](target)`. Goes through the text once, and never back. */
function withoutLinks(text: string): string {
  let plain = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('[', at);
    const close = open < 0 ? -1 : text.indexOf(']', open);
    const isLink = text.charAt(close + 1) === '(';
    const end = isLink ? text.indexOf(')', close) : close;
    if (close < 0 || end < 0) return plain + text.slice(at);
    plain += isLink ? withoutMark(text.slice(at, open)) + text.slice(open + 1, close) : text.slice(at, end + 1);
    at = end + 1;
  }
}

/** An image has an exclamation mark before its bracket. */
function withoutMark(before: string): string {
  return before.endsWith('!') ? before.slice(0, -1) : before;
}

/** Titles from an info.toml. */
export interface TomlTitles {
  /** `title` of `[module]`. */
  module: string | undefined;
  /** `[exercises]`: title by folder. */
  exercises: Map<string, string>;
}

/**
 * Reads the titles of an info.toml; only those before the break if it is broken or cut off. Takes time in proportion to
 * its length.
 */
export function tomlTitles(toml: string): TomlTitles {
  const { module, exercises } = readToml(toml);
  return { module: new Map(titlesIn(module)).get('title'), exercises: new Map(titlesIn(exercises)) };
}

/** What a table gives titles to: `key = "Title"`, or `key = { title = "Title" }`. */
function titlesIn(table: TomlValue | undefined): [key: string, title: string][] {
  return entriesOf(table).flatMap(([key, value]): [string, string][] => {
    const text = typeof value === 'string' ? value : new Map(entriesOf(value)).get('title');
    const title = typeof text === 'string' ? toTitle(text) : undefined;
    return title === undefined ? [] : [[key, title]];
  });
}

/** A title from the name of a folder: `Moving a book` for `01_moving_a_book`. */
export function spokenName(folder: string): string {
  const words = folder.replace(/^\d+[\s._-]*/, '').replace(/[\s_-]+/g, ' ');
  return toTitle(words.charAt(0).toUpperCase() + words.slice(1)) ?? folder;
}

/** One line without control characters, not too long; undefined for nothing. */
function toTitle(text: string): string | undefined {
  const line = text
    .slice(0, READ_OF_LINE)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line === '') return undefined;
  const characters = [...line];
  return characters.length <= MAX_TITLE ? line : `${characters.slice(0, MAX_TITLE - 1).join('')}…`;
}
