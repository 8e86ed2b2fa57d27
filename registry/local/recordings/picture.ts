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

/**
 * A terminal as a picture that needs nothing else: system fonts, light and dark.
 * @param columns width of the terminal, in cells
 */
export function drawTerminal(lines: readonly Line[], title: string, columns: number): string {
  const [width, height] = [Math.ceil(columns * CELL) + 2 * MARGIN, BAR + lines.length * LINE + MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${toMarkup(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    '<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>',
    ...lines.flatMap((line, index) => drawLine(line, BAR + (index + 1) * LINE - 4)),
    '</svg>',
    '',
  ].join('\n');
}

/** Empty lines are only a distance. */
function drawLine(line: Line, y: number): string[] {
  if (line.length === 0) return [];
  return [`<text x="${MARGIN}" y="${y}" xml:space="preserve">${line.map(drawRun).join('')}</text>`];
}

function drawRun({ text, styles }: Run): string {
  if (styles.length === 0) return toMarkup(text);
  return `<tspan class="${styles.join(' ')}">${toMarkup(text)}</tspan>`;
}

function toMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The lines of text in a picture that {@link drawTerminal} made, without the empty ones. */
export function textIn(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, content]) => fromMarkup(content ?? ''));
}

function fromMarkup(content: string): string {
  const text = content.replace(/<[^<>]*>/g, '');
  return text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
