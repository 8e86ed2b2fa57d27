// Owns text in lines of a terminal. On its own: knowing how wide characters are takes long to load.
import stringWidth from 'string-width';

/** Longer lines are hard to read. */
const MAX_COLUMNS = 100;

/** Columns that text may take in a line, where so many are there and some of them are taken. */
export function textWidth(columns: number, indent = 0): number {
  return Math.min(columns, MAX_COLUMNS) - indent;
}

/** Lines of words that take no more than `width` columns, unless a word does. Spaces and line feeds count the same. */
export function wrap(text: string, width: number): string[] {
  const lines: string[][] = [];
  let room = 0;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const taken = 1 + stringWidth(word);
    const line = taken <= room ? lines.at(-1) : undefined;
    if (line === undefined) lines.push([word]);
    else line.push(word);
    // The space before a line's first word is not there.
    room = (line === undefined ? width + 1 : room) - taken;
  }
  return lines.map((words) => words.join(' '));
}
