// Owns making text from strangers safe to print.

// C0 and C1 controls, DEL, bidi overrides and isolates, zero-width and line separators: what can move a cursor or hide text.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** Replaces every character that could act on a terminal or reorder text by a visible `\u{…}` escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Like {@link printable}, but keeps line feeds and tabs: for text of several lines. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : printable(character),
  );
}
