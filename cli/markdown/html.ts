// Owns HTML in Markdown, of which only the text is shown.

/** The text between tags; comments are dropped. Goes through the text once. */
export function withoutTags(html: string): string {
  let text = '';
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? -1 : endOfTag(html, open);
    if (end < 0) return text + html.slice(at);
    text += html.slice(at, open);
    at = end;
  }
}

/** Where a tag or comment ends; -1 if nothing ends it. */
function endOfTag(html: string, open: number): number {
  const closing = html.startsWith('<!--', open) ? '-->' : '>';
  const end = html.indexOf(closing, open);
  return end < 0 ? -1 : end + closing.length;
}
