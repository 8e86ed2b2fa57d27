// Owns search queries in the language of SQLite's full-text index. Texts go into it only as quoted strings, so none can be read as an operator.

/** What one `keywords:` asks for. */
export interface KeywordClause {
  /** Alternatives, each of keywords that a course has all of. */
  readonly any: readonly (readonly string[])[];
  readonly none: readonly string[];
}

/** What to look for. Every text in it has a letter or digit and no control character. */
export interface SearchQuery {
  readonly words: readonly string[];
  /** What the words are as a name: `rust-mastery` for `Rust Mastery`. */
  readonly asName: string;
  /** Without the `@`. */
  readonly scope: string | undefined;
  readonly people: readonly string[];
  readonly keywords: readonly KeywordClause[];
}

/** Whether a course must have all of the words, or any of them. */
export type WordMode = 'all' | 'any';

/** A query as MATCH expressions. */
export interface Expressions {
  /** All of the query, for an index of all that a course says. Qualifiers ask for nothing in a README. */
  readonly anywhere: string;
  /** What only courses with the words where they say most match. Undefined without words. */
  readonly heads: HeadExpressions | undefined;
}

/** For an index without READMEs. */
export interface HeadExpressions {
  /** The words in names, titles and keywords. */
  readonly titles: string;
  /** The words and what begins with them, in any of the columns. */
  readonly beginnings: string;
}

/** Shorter words are looked for as they are: too much begins with one letter. */
const MIN_PREFIX = 2;

/** The MATCH expressions of a query, or undefined if nothing can match it. */
export function expressionsOf(query: SearchQuery, mode: WordMode): Expressions | undefined {
  const operator = mode === 'all' ? 'AND' : 'OR';
  const [words] = joined(query.words.map(quoted), operator);
  const [begun] = joined(query.words.map(beginning), operator);
  const anywhere = narrowed(words, query);
  if (anywhere === undefined) return undefined;
  const titles = narrowed(words && `{name title keywords} : ${words}`, query);
  const beginnings = narrowed(begun, query);
  const hasWords = words !== undefined && titles !== undefined && beginnings !== undefined;
  return { anywhere, heads: hasWords ? { titles, beginnings } : undefined };
}

/** What matches an expression and all that the query asks for besides words. */
function narrowed(words: string | undefined, { scope, people, keywords }: SearchQuery): string | undefined {
  const wanted = [
    ...(words === undefined ? [] : [words]),
    ...(scope === undefined ? [] : [`scope : ${quoted(hex(scope))}`]),
    ...people.map((person) => `people : ${quoted(person)}`),
    ...keywords.flatMap(wantedKeywords),
  ];
  const [match] = joined(wanted, 'AND');
  const [unwanted] = joined(
    keywords.flatMap(({ none }) => none.map(keyword)),
    'OR',
  );
  return match === undefined || unwanted === undefined ? match : `${match} NOT ${unwanted}`;
}

/** What is exactly the word matches twice, as such and as a beginning, and so comes before what only begins with it. */
function beginning(word: string): string {
  return word.length < MIN_PREFIX ? quoted(word) : `(${quoted(word)} OR ${quoted(word)} *)`;
}

function wantedKeywords({ any }: KeywordClause): string[] {
  return joined(
    any.flatMap((all) => joined(all.map(keyword), 'AND')),
    'OR',
  );
}

function keyword(text: string): string {
  return `keywords : ${quoted(text)}`;
}

/** None or one expression. */
function joined(expressions: readonly string[], operator: 'AND' | 'OR'): string[] {
  return expressions.length < 2 ? [...expressions] : [`(${expressions.join(` ${operator} `)})`];
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** As the indexes hold scopes (migration 0014): one word, whatever hyphens it has. */
function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
