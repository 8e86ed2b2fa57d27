// Owns repeating what a stranger wrote: a little of it, and nothing that acts on a terminal.
import { escapeControls } from './escape-controls.ts';

/** Characters that are repeated: all of the longest version, and so of every name. */
const MOST = 256;

/** Characters of a list of problems, which a checker of schemas made of what the stranger wrote. */
export const MOST_OF_PROBLEMS = 1_000;

/**
 * What a stranger wrote, as a sentence or a field of ours may repeat it: cut, then escaped. Of what is no text only its
 * type, such as `number`.
 * @param most UTF-16 units of it before escaping. No character is cut in two.
 */
export function quote(found: unknown, most: number = MOST): string {
  return typeof found === 'string' ? escapeControls(cut(found, most)) : typeof found;
}

/** Any value as {@link quote} has text, but as JSON, so that `"1"` is not `1`. Undefined is `nothing`. */
export function quoteJson(value: unknown, most: number = MOST): string {
  return quote(JSON.stringify(value) ?? 'nothing', most);
}

/** Half a character at the end goes; halves that the stranger wrote become `�`. */
function cut(text: string, most: number): string {
  return text.slice(0, splitsPair(text, most) ? most - 1 : most).toWellFormed();
}

function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
