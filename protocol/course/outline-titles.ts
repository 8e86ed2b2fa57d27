// Owns where the titles of modules and exercises stand: headings of READMEs, the titles of info.toml, and names of folders.

const MAX_TITLE = 120;

/** The first heading of a Markdown text as plain text, or undefined. */
export function headingOf(markdown: string): string | undefined {
  const heading = /^ {0,3}#{1,6}[ \t]+(.+)$/m.exec(markdown)?.[1];
  if (heading === undefined) return undefined;
  return toTitle(
    heading
      .replace(/[ \t]+#+[ \t]*$/, '')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[*`]+/g, ''),
  );
}

/** Titles that an info.toml gives. */
export interface TomlTitles {
  /** `title` of `[module]`. */
  module: string | undefined;
  /** `[exercises]`: title by folder. */
  exercises: Map<string, string>;
}

/**
 * Reads the titles of an info.toml: `key = "text"` below `[module]` and `[exercises]`. The rest of TOML is passed over;
 * a title that is written in another way is taken from the README instead.
 */
export function tomlTitles(toml: string): TomlTitles {
  const titles: TomlTitles = { module: undefined, exercises: new Map() };
  let section = '';
  for (const line of toml.split(/\r?\n/)) {
    section = /^\s*\[+\s*([^\]]*?)\s*\]+/.exec(line)?.[1] ?? section;
    const { key, title } = assignmentIn(line);
    if (key === undefined || title === undefined) continue;
    if (section === 'module' && key === 'title') titles.module = title;
    if (section === 'exercises') titles.exercises.set(key, title);
  }
  return titles;
}

function assignmentIn(line: string): { key?: string; title?: string } {
  const match = /^\s*(?:"([^"\\]+)"|'([^']+)'|([\w-]+))\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)')\s*(?:#.*)?$/.exec(line);
  if (match === null) return {};
  const [, quoted, literal, bare, basic, plain] = match;
  return { key: quoted ?? literal ?? bare, title: toTitle(plain ?? unescaped(basic ?? '')) };
}

/** TOML's basic strings are JSON's, except for rare escapes: those make no title. */
function unescaped(basic: string): string {
  try {
    return JSON.parse(basic);
  } catch {
    return '';
  }
}

/** What the name of a folder says: `Moving a book` for `01_moving_a_book`. */
export function spokenName(folder: string): string {
  const words = folder.replace(/^\d+[\s._-]*/, '').replace(/[\s_-]+/g, ' ');
  return toTitle(words.charAt(0).toUpperCase() + words.slice(1)) ?? folder;
}

/** One line without control characters, not too long; undefined for nothing. */
function toTitle(text: string): string | undefined {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line === '') return undefined;
  const characters = [...line];
  return characters.length <= MAX_TITLE ? line : `${characters.slice(0, MAX_TITLE - 1).join('')}…`;
}
