// Owns parsing search texts: words, and the qualifiers of npm's search.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { KeywordClause, SearchQuery } from '../../database/read/search-match.ts';

/** Further words are ignored: each costs a walk through its entries in the index. */
const MAX_WORDS = 10;

/** Words that say nothing about a course, in the languages of courses; searched for only if there are no others. */
const EMPTY_WORDS = new Set(
  `a an and course courses for from how in learn of on or the to with
   ao aos as aprenda aprender com como curso cursos da das de do dos e em na nas no nos o os ou para por um uma`.split(
    /\s+/,
  ),
);

/** Languages named with characters that the index drops; migration 0014 makes the same replacements in indexed texts. */
const LANGUAGES: readonly [string, string][] = [
  ['c++', 'cpp'],
  ['c#', 'csharp'],
  ['f#', 'fsharp'],
];

/**
 * Reads a search text: words and "quoted words", `scope:diego`, `author:marta` or `maintainer:marta`, and `keywords:` with
 * npm's signs: `a,b` either, `a+b` both, `a,-b` the first without the second. Accepts any text.
 */
export function parseSearchText(text: string): SearchQuery {
  const pieces = piecesOf(text);
  const valuesOf = (...names: string[]) => pieces.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  const words = valuesOf('').filter(isFindable);
  return {
    words: telling(words).slice(0, MAX_WORDS),
    asName: words.join('-'),
    scope: valuesOf('scope').filter(isFindable).at(-1)?.replace(/^@/, '').replace(/\/$/, ''),
    people: valuesOf('author', 'maintainer').filter(isFindable),
    keywords: valuesOf('keyword', 'keywords').filter(isFindable).map(toClause),
  };
}

/** True if there is nothing to search for. */
export function isEmptyQuery({ words, scope, people, keywords }: SearchQuery): boolean {
  return scope === undefined && words.length + people.length + keywords.length === 0;
}

interface Piece {
  /** Name of the qualifier, or '' for a word. */
  readonly name: string;
  readonly value: string;
}

function piecesOf(text: string): Piece[] {
  const plain = LANGUAGES.reduce((shown, [name, word]) => shown.replaceAll(name, word), safe(text).toLowerCase());
  const matches = plain.matchAll(/(scope|author|maintainer|keywords?):(?:"([^"]*)"|([^\s"]*))|"([^"]*)"|([^\s"]+)/g);
  return Array.from(matches, ([, name = '', ...values]) => ({
    name,
    value: values.find((value) => value !== undefined)?.trim() ?? '',
  }));
}

/** Unprintable characters separate words. */
function safe(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/./gsu, (character) => (escapeControls(character) === character ? character : ' '));
}

function isFindable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function telling(words: readonly string[]): readonly string[] {
  const rest = words.filter((word) => !EMPTY_WORDS.has(word));
  return rest.length > 0 ? rest : words;
}

function toClause(value: string): KeywordClause {
  const parts = value.split(',').filter(isFindable);
  const isNot = (part: string) => part.trimStart().startsWith('-');
  return {
    any: parts.filter((part) => !isNot(part)).map((part) => part.split('+').filter(isFindable)),
    none: parts.filter(isNot),
  };
}
