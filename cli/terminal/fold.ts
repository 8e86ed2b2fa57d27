// Owns breaking lines between words where nothing may be loaded for it: every character counts as one column.

/** A line as lines that fit, as far as its words do. Spaces stay as they are. @param indent begins all but the first. */
export function fold(line: string, columns: number, indent = ''): string[] {
  const [first = '', ...words] = line.split(' ');
  const lines = [first];
  for (const word of words) {
    const current = `${lines.at(-1)} ${word}`;
    if (word === '' || current.length <= columns) lines[lines.length - 1] = current;
    else lines.push(indent + word);
  }
  return lines;
}
