// Owns what a terminal shows after some output: its lines, each in runs of one style.
import xterm from '@xterm/headless';

export type Style = 'bold' | 'dim' | 'italic' | 'underline' | Colour;
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'grey';

/** Text with one style. */
export interface Run {
  readonly text: string;
  readonly styles: readonly Style[];
}

export type Line = readonly Run[];

/** Lines that a recording may have, and cells in one of them: none is broken here. */
const MAX_LINES = 1000;
const MAX_CELLS = 1000;
/** The palette's first eight; the eight after them are the bright ones, drawn alike. Black and white are the text's own colour. */
const COLOURS: readonly (Colour | undefined)[] = [
  undefined,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  undefined,
  'grey',
];

type Buffer = xterm.IBuffer;
type Cell = xterm.IBufferCell;

/** What a very wide terminal shows once everything is printed: progress that was drawn over is gone. */
export async function screenAfter(output: string): Promise<Line[]> {
  const terminal = new xterm.Terminal({ cols: MAX_CELLS, rows: MAX_LINES, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const lines = linesOf(terminal.buffer.active);
  terminal.dispose();
  return lines;
}

function linesOf(buffer: Buffer): Line[] {
  const lines = Array.from({ length: buffer.length }, (_, y) => lineAt(buffer, y));
  const last = lines.findLastIndex((line) => line.length > 0);
  return lines.slice(0, last + 1);
}

function lineAt(buffer: Buffer, y: number): Line {
  const line = buffer.getLine(y);
  const width = line?.translateToString(true).length ?? 0;
  const runs: Run[] = [];
  for (let x = 0, shown = 0; shown < width; x++) {
    const cell = line?.getCell(x);
    if (cell === undefined) break;
    // A wide character leaves an empty cell behind it.
    if (cell.getWidth() > 0) append(runs, cell.getChars() || ' ', stylesOf(cell));
    shown += cell.getWidth() > 0 ? (cell.getChars() || ' ').length : 0;
  }
  return runs;
}

function append(runs: Run[], text: string, styles: readonly Style[]): void {
  const last = runs.at(-1);
  if (last !== undefined && last.styles.join() === styles.join())
    runs.splice(-1, 1, { text: last.text + text, styles });
  else runs.push({ text, styles });
}

function stylesOf(cell: Cell): Style[] {
  const styles: Style[] = [];
  if (cell.isBold()) styles.push('bold');
  if (cell.isDim()) styles.push('dim');
  if (cell.isItalic()) styles.push('italic');
  if (cell.isUnderline()) styles.push('underline');
  const colour = cell.isFgPalette() ? COLOURS[bright(cell.getFgColor())] : undefined;
  return colour === undefined ? styles : [...styles, colour];
}

/** Bright black, the ninth colour, is grey; other bright colours are drawn as the plain ones. */
function bright(colour: number): number {
  return colour > 8 ? colour - 8 : colour;
}
