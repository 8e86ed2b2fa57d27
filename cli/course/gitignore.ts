// Owns what a folder's .gitignore files exclude, nested ones included, by git's rules and identically on every machine.
import ignore, { type Ignore } from 'ignore';

/** Gathers .gitignore files from the top down and answers for paths relative to the top, with `/` between parts. */
export class GitIgnore {
  // git's core.ignorecase differs by machine, and the same folder must give the same course.
  readonly #rules: Ignore = ignore({ ignorecase: false });

  /** Adds one .gitignore. @param folder where it is, '' for the top. Deeper files must come later: the last match wins. */
  add(folder: string, text: string): void {
    for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) this.#rules.add(moved(line, folder));
  }

  excludesFile(path: string): boolean {
    return this.#rules.ignores(path);
  }

  excludesFolder(path: string): boolean {
    return this.#rules.ignores(`${path}/`);
  }
}

/** A pattern from a nested .gitignore, rewritten for the top folder. */
function moved(line: string, folder: string): string {
  if (folder === '' || line.startsWith('#') || line.trim() === '') return line;
  const negated = line.startsWith('!');
  const pattern = line.slice(negated ? 1 : 0).replace(/^\\(?=[#!])/, '');
  // git: a slash at the start or in the middle ties a pattern to its folder; a slash at the end only says "folder".
  const isAnchored = /\/./.test(pattern.trimEnd());
  const path = isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`;
  return `${negated ? '!' : ''}/${escapePattern(folder)}/${path}`;
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]!# ]/g, '\\$&');
}
