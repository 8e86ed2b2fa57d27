// Owns quoting what a stranger wrote: shortened, and without anything that acts on a terminal.
import { escapeControls } from './escape-controls.ts';

/** Characters that are quoted: enough for the longest version, and so for every name. */
const MOST = 256;

/** Characters of a list of problems that a schema found in what the stranger wrote. */
export const MOST_OF_PROBLEMS = 1_000;

/**
 * What a stranger wrote, safe to quote in one of our sentences or fields: cut, then escaped. For anything but text only
 * its type, such as `number`.
 * @param most UTF-16 units of it before escaping. No character is cut in two.
 */
export function quote(found: unknown, most: number = MOST): string {
  return typeof found === 'string' ? escapeControls(cut(found, most)) : typeof found;
}

/** Like {@link quote}, for any value as JSON, so that `"1"` is not `1`. Undefined is `nothing`. */
export function quoteJson(value: unknown, most: number = MOST): string {
  return quote(JSON.stringify(value) ?? 'nothing', most);
}

/** Drops half a character at the end; halves that the stranger wrote become `�`. */
function cut(text: string, most: number): string {
  return text.slice(0, splitsPair(text, most) ? most - 1 : most).toWellFormed();
}

function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
