// Owns globs: parsing one, and matching it against paths in bounded time.
import { RegistryError } from '../errors.ts';

/** Called for every comparison; may throw. */
export type CountSteps = (steps: number) => void;

const MAX_ALTERNATIVES = 100;

/** One character of a part: itself, any, or any of a class; or a star. */
type Token = '*' | '?' | { literal: string } | CharacterClass;
interface CharacterClass {
  negated: boolean;
  ranges: readonly (readonly [from: string, to: string])[];
}
/** Tokens between two slashes, or `**`. */
type Part = '**' | readonly Token[];

/**
 * A glob. `*` and `?` stand for characters of a name, `**` for any number of folders, `[a-z]` and `[!a-z]` for one
 * character, `{a,b}` for alternatives; a backslash escapes the next character. A glob that matches
 * a folder matches everything in it. Names that begin with a dot are not special.
 *
 * Matching takes at most length times length steps, unlike regular expressions: "*a*a*a*a*a*a*a*a*b" keeps
 * those busy for minutes, and the publisher of a course chooses both the globs and the paths.
 */
export class Glob {
  readonly #alternatives: readonly (readonly Part[])[];

  /** @throws {RegistryError} INVALID_COURSE for more than 100 alternatives. */
  constructor(glob: string) {
    this.#alternatives = alternativesOf(glob).map(parseParts);
  }

  /** @param path segments of a course file's path. */
  matches(path: readonly string[], count: CountSteps): boolean {
    return this.#alternatives.some((parts) => matchesFolders(parts, path, count));
  }
}

/** Expands braces, first ones first. Braces without a comma or a closing brace are literal. */
function alternativesOf(glob: string): string[] {
  const braces = findBraces(glob);
  if (braces === undefined) return [glob];
  const [start, end, choices] = braces;
  const written: string[] = [];
  for (const choice of choices) {
    written.push(...alternativesOf(glob.slice(0, start) + choice + glob.slice(end)));
    if (written.length > MAX_ALTERNATIVES) throw tooManyAlternatives();
  }
  return written;
}

type Braces = [start: number, end: number, choices: string[]];

function findBraces(glob: string): Braces | undefined {
  for (let at = 0; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === '{') {
      const braces = readBraces(glob, at);
      if (braces !== undefined) return braces;
    }
  }
  return undefined;
}

function readBraces(glob: string, start: number): Braces | undefined {
  const commas = [start];
  let depth = 0;
  for (let at = start; at < glob.length; at++) {
    if (glob[at] === '\\') at++;
    else if (glob[at] === '{') depth++;
    else if (glob[at] === ',' && depth === 1) commas.push(at);
    else if (glob[at] === '}' && --depth === 0) {
      const choices = commas.map((comma, i) => glob.slice(comma + 1, commas[i + 1] ?? at));
      return choices.length > 1 ? [start, at + 1, choices] : undefined;
    }
  }
  return undefined;
}

function parseParts(glob: string): Part[] {
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => (part === '**' ? '**' : parseTokens(part)));
}

function parseTokens(part: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < part.length; ) {
    const [token, length] = parseToken(part, at);
    if (token !== '*' || tokens.at(-1) !== '*') tokens.push(token);
    at += length;
  }
  return tokens;
}

function parseToken(part: string, at: number): [token: Token, length: number] {
  const character = part[at] ?? '';
  if (character === '*' || character === '?') return [character, 1];
  if (character === '\\' && at + 1 < part.length) return [{ literal: part[at + 1] ?? '' }, 2];
  const found = /^\[([!^]?)(\]?[^\]]*)\]/.exec(part.slice(at));
  if (character !== '[' || !found?.[2]) return [{ literal: character }, 1];
  const ranges = [...found[2].matchAll(/\\?(.)(?:-\\?(.))?/gs)].map(([, from = '', to = from]) => [from, to] as const);
  return [{ negated: found[1] !== '', ranges }, found[0].length];
}

/** Backtracks only to the last `**`: whatever an earlier one could match, the last one can match too. */
function matchesFolders(parts: readonly Part[], path: readonly string[], count: CountSteps): boolean {
  let [part, segment] = [0, 0];
  let [afterStars, retry] = [-1, 0];
  // Past its last part a glob matches the whole folder.
  while (part < parts.length) {
    if (parts[part] === '**') {
      [afterStars, retry] = [++part, segment];
    } else if (segment < path.length && matchesName(parts[part] as readonly Token[], path[segment] ?? '', count)) {
      part++;
      segment++;
    } else {
      if (afterStars < 0 || retry >= path.length) return false;
      [part, segment] = [afterStars, ++retry];
    }
  }
  return true;
}

function matchesName(tokens: readonly Token[], name: string, count: CountSteps): boolean {
  let [token, at, steps] = [0, 0, 1];
  let [afterStar, retry] = [-1, 0];
  while (at < name.length) {
    steps++;
    if (tokens[token] === '*') [afterStar, retry] = [++token, at];
    else if (token < tokens.length && matchesCharacter(tokens[token] as Token, name[at] ?? '')) {
      token++;
      at++;
    } else if (afterStar < 0) break;
    else [token, at] = [afterStar, ++retry];
  }
  count(steps);
  while (tokens[token] === '*') token++;
  return at === name.length && token === tokens.length;
}

function matchesCharacter(token: Token, character: string): boolean {
  if (token === '?') return true;
  if (token === '*') return false;
  if ('literal' in token) return token.literal === character;
  return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.negated;
}

function tooManyAlternatives(): RegistryError {
  const problem = `has a pattern of more than ${MAX_ALTERNATIVES} alternatives`;
  return new RegistryError('INVALID_COURSE', `course.json: "files" ${problem}`, { path: 'files', problem });
}
