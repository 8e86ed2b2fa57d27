// Owns the SVG of a terminal: drawn from lines, and read back as text.
import type { Line, Run } from './screen.ts';

/** Pixels. A cell of 14 px monospace text is 8.43 px wide in the widest of the fonts below. */
const CELL = 8.43;
const LINE = 20;
const MARGIN = 20;
const BAR = 38;

const FONT = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';
/** Colours of GitHub's pages, which follow what the reader's system prefers. */
const STYLE = `
text{font:14px ${FONT};fill:#1f2328;white-space:pre}
.back{fill:#f6f8fa;stroke:#d1d9e0}.bold{font-weight:600}.italic{font-style:italic}.underline{text-decoration:underline}
.dim,.grey{fill:#59636e}.red{fill:#cf222e}.green{fill:#116329}.yellow{fill:#7d4e00}.blue{fill:#0969da}.magenta{fill:#8250df}.cyan{fill:#1b7c83}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.back{fill:#0d1117;stroke:#3d444d}
.dim,.grey{fill:#9198a1}.red{fill:#ff7b72}.green{fill:#7ee787}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.magenta{fill:#d2a8ff}.cyan{fill:#76e3ea}
}`;

/** A part of a line that fits; the others of the line go on from it. */
interface Row {
  readonly runs: Line;
  readonly goesOn: boolean;
}

/**
 * A terminal as a picture that needs nothing else: system fonts, light and dark.
 * @param columns width of the terminal, in cells; longer lines are broken between words
 */
export function drawTerminal(lines: readonly Line[], title: string, columns: number): string {
  const rows = lines.flatMap((line) => rowsOf(line, columns));
  const [width, height] = [Math.ceil(columns * CELL) + 2 * MARGIN, BAR + rows.length * LINE + MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${toMarkup(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    '<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>',
    ...rows.flatMap((row, index) => drawRow(row, BAR + (index + 1) * LINE - 4)),
    '</svg>',
    '',
  ].join('\n');
}

function rowsOf(line: Line, columns: number): Row[] {
  const rows: Row[] = [];
  let rest = line;
  while (lengthOf(rest) > columns) {
    const end = breakAt(rest, columns);
    rows.push({ runs: part(rest, 0, end), goesOn: rows.length > 0 });
    rest = part(rest, end, Number.POSITIVE_INFINITY);
  }
  return [...rows, { runs: rest, goesOn: rows.length > 0 }];
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** After the last space that fits, or where the width ends. */
function breakAt(line: Line, columns: number): number {
  const text = line.map((run) => run.text).join('');
  return text.lastIndexOf(' ', columns - 1) + 1 || columns;
}

function part(line: Line, start: number, end: number): Run[] {
  let at = 0;
  return line.flatMap((run) => {
    const text = run.text.slice(Math.max(start - at, 0), Math.max(end - at, 0));
    at += run.text.length;
    return text === '' ? [] : [{ ...run, text }];
  });
}

/** Empty lines are only a distance. */
function drawRow({ runs, goesOn }: Row, y: number): string[] {
  if (runs.length === 0) return [];
  const kind = goesOn ? ' class="on"' : '';
  return [`<text${kind} x="${MARGIN}" y="${y}" xml:space="preserve">${runs.map(drawRun).join('')}</text>`];
}

function drawRun({ text, styles }: Run): string {
  if (styles.length === 0) return toMarkup(text);
  return `<tspan class="${styles.join(' ')}">${toMarkup(text)}</tspan>`;
}

function toMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The lines of text in a picture that {@link drawTerminal} made, whole again, without the empty ones. */
export function textIn(svg: string): string[] {
  const lines: string[] = [];
  for (const [, kind, content = ''] of svg.matchAll(/<text( class="on")? [^>]*>(.*)<\/text>/g)) {
    if (kind === undefined) lines.push(fromMarkup(content));
    else lines.push((lines.pop() ?? '') + fromMarkup(content));
  }
  return lines;
}

function fromMarkup(content: string): string {
  const text = content.replace(/<[^<>]*>/g, '');
  return text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
