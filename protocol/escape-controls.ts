// Owns making text from strangers safe to print, by making control characters visible.

// C0 and C1 controls, DEL, bidi overrides and isolates, zero-width, fillers, tags and line separators: what can move a
// cursor or hide text.
const UNSAFE =
  /\u034f|[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Replaces every character that could act on a terminal or reorder text with a visible `\u{…}` escape. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Like {@link escapeControls}, but keeps line feeds and tabs: for text of several lines. */
export function escapeControlsInLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escapeControls(character),
  );
}
