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

/** Shorter words are looked for as they are: too much begins with one letter. */
const MIN_PREFIX = 2;

/** The MATCH expression of a query, or undefined if nothing can match it. */
export function matchExpression(query: SearchQuery, mode: WordMode): string | undefined {
  const { words, scope, people, keywords } = query;
  const wanted = [
    ...wordsExpression(words, mode),
    ...(scope === undefined ? [] : [`name : ^ ${quoted(scope)}`]),
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

/** The MATCH expression for courses with any of the words, or undefined without words. */
export function anyWord({ words }: SearchQuery): string | undefined {
  return wordsExpression(words, 'any')[0];
}

function wordsExpression(words: readonly string[], mode: WordMode): string[] {
  return joined(words.map(beginning), mode === 'all' ? 'AND' : 'OR');
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
